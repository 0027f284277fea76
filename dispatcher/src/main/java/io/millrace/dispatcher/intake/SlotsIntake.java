package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.execution.Adoptions;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.dispatcher.settlement.Source;
import io.millrace.schemas.serde.RegistryUnavailableException;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the slots that the group gives this process, and takes them over as they come and go.
 *
 * <p>One thread runs it; the callbacks of the group run on that thread, within its poll.
 */
final class SlotsIntake implements ConsumerRebalanceListener {

    private static final Logger LOG = LoggerFactory.getLogger(SlotsIntake.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    private final Consumer<byte[], byte[]> consumer;
    private final Ownership ownership;
    private final Takeover takeover;
    private final Reception reception;
    private final Adoptions adoptions;
    private final Backpressure backpressure;
    private final MembershipProof proof;
    private volatile boolean running = true;
    private volatile boolean joined;

    SlotsIntake(
            Consumer<byte[], byte[]> consumer,
            Ownership ownership,
            Takeover takeover,
            Reception reception,
            Adoptions adoptions,
            Backpressure backpressure) {
        this.consumer = consumer;
        this.ownership = ownership;
        this.takeover = takeover;
        this.reception = reception;
        this.adoptions = adoptions;
        this.backpressure = backpressure;
        this.proof = new MembershipProof(consumer, ownership);
    }

    /** Reads until it is stopped, then leaves the group. */
    void run() {
        while (running) {
            consumer.subscribe(List.of(Topic.REQUESTS.topicName()), this);
            try {
                read();
            } catch (RuntimeException e) {
                joined = false;
                consumer.unsubscribe(); // slots that are not read from belong to others
                refuseWhatNoRetryCures(e);
                LOG.atWarn().setCause(e).log("intake of slots begins anew");
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private void read() {
        while (running) {
            step();
        }
    }

    /** Polls once, and receives what came. */
    void step() {
        var records = consumer.poll(POLL);
        ownership.confirm(consumer.groupMetadata());
        proof.ask();
        joined = joined || consumer.groupMetadata().generationId() > 0;
        for (TopicPartition partition : records.partitions()) {
            receive(partition, records.records(partition));
        }
        var _ = backpressure.apply(consumer, this::source);
    }

    // a slot's state that cannot be read: no state means no work
    private static void refuseWhatNoRetryCures(RuntimeException e) {
        if (!(e instanceof KafkaException)
                || e.getCause() instanceof UndecodableException
                || e.getCause() instanceof IllegalStateException) {
            throw e;
        }
    }

    /** Ends the reading. */
    void stop() {
        running = false;
    }

    /** Returns whether the group has accepted this process. */
    boolean joined() {
        return joined;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        ownership.confirm(consumer.groupMetadata());
        if (partitions.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        for (SlotState state : takeover.take(numbers(partitions))) {
            OwnedSlot slot = ownership.own(state, adoptions::expect);
            TopicPartition partition = partition(slot.number());
            slot.source(partition)
                    .ifPresent(source -> consumer.seek(partition, source.frontier().lowestOpen()));
        }
        proof.askNow();
        LOG.atInfo()
                .addKeyValue("slots", partitions.size())
                .addKeyValue("ms", (System.nanoTime() - start) / 1_000_000)
                .log("slots taken over");
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        ownership.confirm(consumer.groupMetadata());
        ownership.disown(numbers(partitions));
        LOG.atInfo().addKeyValue("slots", partitions.size()).log("slots given up");
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        ownership.disown(numbers(partitions));
        LOG.atWarn().addKeyValue("slots", partitions.size()).log("slots lost");
    }

    private void receive(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        Optional<OwnedSlot> slot = ownership.slot(partition.partition());
        Optional<Source> source = source(partition);
        if (slot.isEmpty() || source.isEmpty()) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> each : records) {
            try {
                reception.receive(slot.get(), source.get(), each);
            } catch (RegistryUnavailableException e) {
                LOG.atWarn().setCause(e).log("slot waits for the schema registry");
                consumer.seek(partition, each.offset());
                return;
            }
        }
    }

    private Optional<Source> source(TopicPartition partition) {
        return ownership.slot(partition.partition()).flatMap(slot -> slot.source(partition));
    }

    private static Set<Integer> numbers(Collection<TopicPartition> partitions) {
        Set<Integer> numbers = new HashSet<>();
        partitions.forEach(partition -> numbers.add(partition.partition()));
        return numbers;
    }

    private static TopicPartition partition(int slot) {
        return new TopicPartition(Topic.REQUESTS.topicName(), slot);
    }
}
