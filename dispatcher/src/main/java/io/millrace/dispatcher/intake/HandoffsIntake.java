package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.execution.Adoptions;
import io.millrace.dispatcher.execution.Adoptions.Open;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.RegistryUnavailableException;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what is handed over for the slots in which calls of former owners are waited for, and gives
 * up those that nobody will tell of. One thread runs it.
 *
 * <p>A slot's hand-overs are read from the start of its oldest open attempt on, and only while one
 * is open: both times are of the clock of the process that made the call, so what it hands over
 * lies behind that. A frontier of its own would cost a settlement a record and know nothing more.
 */
final class HandoffsIntake {

    private static final Logger LOG = LoggerFactory.getLogger(HandoffsIntake.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    // a clock that was set back meanwhile
    private static final Duration SKEW = Duration.ofMinutes(1);

    // from a call's end to the hand-over in the log
    private static final Duration TELLING = Duration.ofSeconds(3);

    /** Where partitions end once every transaction in them is over. */
    @FunctionalInterface
    interface Ends {

        /** Returns the offset behind the last record of each. */
        Map<TopicPartition, Long> of(Collection<TopicPartition> partitions);
    }

    private final Consumer<byte[], byte[]> consumer;
    private final Ends ends;
    private final Peers peers;
    private final Adoptions adoptions;
    private final AvroCodec<Handoff> codec;
    private final InstantSource clock;
    private final Map<TopicPartition, OwnedSlot> readings = new HashMap<>();
    private final LongSupplier nanos;
    private long looked;
    private volatile boolean running = true;

    /**
     * Makes it.
     *
     * @param consumer reads what is handed over
     * @param ends tells where hand-overs end
     * @param nanos a clock that only runs forward
     */
    HandoffsIntake(
            Consumer<byte[], byte[]> consumer,
            Ends ends,
            Peers peers,
            Adoptions adoptions,
            AvroCodec<Handoff> codec,
            InstantSource clock,
            LongSupplier nanos) {
        this.consumer = consumer;
        this.ends = ends;
        this.peers = peers;
        this.adoptions = adoptions;
        this.codec = codec;
        this.clock = clock;
        this.nanos = nanos;
        this.looked = nanos.getAsLong() - LOOK.toNanos();
    }

    /** Reads until it is stopped. */
    void run() {
        while (running) {
            try {
                if (!step()) {
                    LockSupport.parkNanos(POLL.toNanos());
                }
            } catch (KafkaException | RegistryUnavailableException e) {
                LOG.atWarn().setCause(e).log("intake of hand-overs begins anew");
                readings.clear();
                consumer.unsubscribe();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    void stop() {
        running = false;
    }

    /** Polls once, and gives up what is to be given up; returns false when nothing is open. */
    boolean step() {
        List<Open> open = adoptions.open();
        follow(open);
        if (open.isEmpty()) {
            return false;
        }
        consumer.poll(POLL).forEach(this::receive);
        if (nanos.getAsLong() - looked >= LOOK.toNanos()) {
            List<Open> current = adoptions.open();
            follow(current); // of what has come since, nothing is read yet
            giveUp(current);
            looked = nanos.getAsLong();
        }
        return true;
    }

    private void follow(List<Open> open) {
        Map<TopicPartition, OwnedSlot> wanted = new HashMap<>();
        Map<TopicPartition, Long> since = new HashMap<>();
        for (Open each : open) {
            TopicPartition partition = handoffsOf(each.slot());
            wanted.put(partition, each.slot());
            long started = each.started().getStartedAt().minus(SKEW).toEpochMilli();
            since.merge(partition, started, Math::min);
        }
        if (wanted.equals(readings)) {
            return;
        }
        // before the question by time: what comes in between is not to be missed
        Map<TopicPartition, Long> last = consumer.endOffsets(wanted.keySet());
        consumer.assign(wanted.keySet());
        since.keySet().removeIf(each -> wanted.get(each) == readings.get(each));
        Map<TopicPartition, OffsetAndTimestamp> from =
                since.isEmpty() ? Map.of() : consumer.offsetsForTimes(since);
        since.keySet()
                .forEach(partition -> {
                    OffsetAndTimestamp first = from.get(partition);
                    Long end = last.get(partition);
                    consumer.seek(
                            partition, first != null ? first.offset() : end == null ? 0 : end);
                });
        readings.clear();
        readings.putAll(wanted);
    }

    private void receive(ConsumerRecord<byte[], byte[]> each) {
        OwnedSlot slot = readings.get(new TopicPartition(each.topic(), each.partition()));
        if (slot == null || each.value() == null) {
            return;
        }
        try {
            adoptions.handedOver(slot, codec.decode(each.value()));
        } catch (UndecodableException e) {
            // its attempt will be given up at its deadline
            LOG.atError()
                    .addKeyValue("partition", each.partition())
                    .addKeyValue("offset", each.offset())
                    .setCause(e)
                    .log("hand-over cannot be read");
        }
    }

    private void giveUp(List<Open> open) {
        Instant now = clock.instant();
        List<Open> overdue = new ArrayList<>();
        List<Open> silent = new ArrayList<>();
        Set<String> members = peers.members();
        for (Open each : open) {
            if (now.isAfter(each.started().getDeadline().plus(TELLING))) {
                overdue.add(each);
            } else if (!peers.isAlive(each.started(), members)) {
                silent.add(each);
            }
        }
        silent.removeIf(each -> peers.drains(each.started(), now));
        if (!silent.isEmpty()) {
            readDrains(silent);
            silent.removeIf(each -> peers.drains(each.started(), now));
        }
        if (!overdue.isEmpty() || !silent.isEmpty()) {
            // what was handed over in time lies in the log, even when this process was stopped
            if (!readHandoffsToEnd()) {
                return;
            }
            overdue.forEach(each -> adoptions.giveUp(each, "deadline"));
            silent.forEach(each -> adoptions.giveUp(each, "process_gone"));
        }
    }

    private void readDrains(List<Open> silent) {
        Map<TopicPartition, Long> from = new HashMap<>();
        for (Open each : silent) {
            from.merge(Liveness.attemptsOf(each.slot().number()), each.journalOffset(), Math::min);
        }
        peers.readDrains(from);
    }

    /** Returns whether it came to the end before it was stopped. */
    private boolean readHandoffsToEnd() {
        Map<TopicPartition, Long> last = ends.of(readings.keySet());
        Set<TopicPartition> behind = new HashSet<>(last.keySet());
        while (running) {
            behind.removeIf(each ->
                    consumer.position(each) >= Optional.ofNullable(last.get(each)).orElse(0L));
            if (behind.isEmpty()) {
                return true;
            }
            consumer.poll(POLL).forEach(this::receive);
        }
        return false;
    }

    private static TopicPartition handoffsOf(OwnedSlot slot) {
        return new TopicPartition(Topic.HANDOFFS.topicName(), slot.number());
    }
}
