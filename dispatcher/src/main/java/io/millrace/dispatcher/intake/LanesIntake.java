package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Source;
import io.millrace.dispatcher.settlement.WaitLane;
import io.millrace.schemas.serde.RegistryUnavailableException;
import io.millrace.schemas.topic.TenantTopics;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the lanes, inboxes and retry topics of the slots this process owns, by assignment of its
 * own. One thread runs it.
 */
final class LanesIntake {

    private static final Logger LOG = LoggerFactory.getLogger(LanesIntake.class);
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration HOLD = Duration.ofSeconds(5);
    private static final Duration END_PATIENCE = Duration.ofSeconds(1);
    private static final long PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

    /** A lane as it is read now, and the ownership it is read under. */
    private record Reading(OwnedSlot slot, Source source) {}

    private final Consumer<byte[], byte[]> consumer;
    private final Ownership ownership;
    private final Reception reception;
    private final Backpressure backpressure;
    private final Refill refill;
    private final IdleLanes idle;
    private final Predicate<TopicPartition> open;
    private final LongSupplier nanos;
    private final Map<TopicPartition, Long> heldUntil = new HashMap<>();
    private final Map<TopicPartition, Reading> readings = new HashMap<>();
    private volatile boolean running = true;

    /**
     * Makes it.
     *
     * @param open returns whether a partition of an inbox may be read now
     */
    LanesIntake(
            Consumer<byte[], byte[]> consumer,
            Ownership ownership,
            Reception reception,
            Backpressure backpressure,
            Refill refill,
            IdleLanes idle,
            Predicate<TopicPartition> open,
            LongSupplier nanos) {
        this.idle = idle;
        this.open = open;
        this.nanos = nanos;
        this.refill = refill;
        this.consumer = consumer;
        this.ownership = ownership;
        this.reception = reception;
        this.backpressure = backpressure;
    }

    /** Reads until it is stopped. */
    void run() {
        while (running) {
            try {
                if (!step()) {
                    LockSupport.parkNanos(POLL.toNanos());
                }
            } catch (KafkaException e) {
                LOG.atWarn().setCause(e).log("intake of lanes begins anew");
                readings.clear();
                consumer.unsubscribe();
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Polls once, and receives what came; returns false when there is nothing to read from. */
    boolean step() {
        follow();
        if (readings.isEmpty()) {
            return false;
        }
        var records = consumer.poll(POLL);
        for (TopicPartition partition : records.partitions()) {
            refill.came(partition);
            receive(partition, records.records(partition));
        }
        backpressure
                .apply(
                        consumer,
                        partition ->
                                Optional.ofNullable(readings.get(partition)).map(Reading::source))
                .stream()
                .filter(partition -> consumer.currentLag(partition).orElse(0) > 0)
                .forEach(refill::resumed);
        noteReadToTheEnd();
        letGoOfIdle();
        return true;
    }

    /**
     * Lets records of requests follow no more into the wait lanes of which nothing is unread. The
     * ends are asked for after what has moved is known to be written, so they lie behind it.
     */
    private void noteReadToTheEnd() {
        Map<TopicPartition, OptionalLong> candidates = new HashMap<>();
        readings.forEach((partition, reading) -> {
            OptionalLong moves = written(reading);
            if (moves.isPresent() && consumer.currentLag(partition).orElse(1) == 0) {
                candidates.put(partition, moves);
            }
        });
        if (candidates.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> ends;
        try {
            ends = consumer.endOffsets(candidates.keySet(), END_PATIENCE);
        } catch (TimeoutException e) {
            LOG.atDebug().setCause(e).log("ends of wait lanes are not known");
            return;
        }
        ends.forEach((partition, end) -> {
            Reading reading = readings.get(partition);
            OptionalLong moves = candidates.getOrDefault(partition, OptionalLong.empty());
            if (reading != null && moves.isPresent() && consumer.position(partition) >= end) {
                reading.slot()
                        .waitLane(partition.topic())
                        .ifPresent(lane -> lane.readToItsEnd(moves.getAsLong()));
            }
        });
    }

    /**
     * Lets lanes go that had no work for long. Their ends are asked for after it is known how often
     * they were woken: what comes later wakes them again.
     */
    private void letGoOfIdle() {
        Map<TopicPartition, Long> woken = new HashMap<>();
        idle.due(readings.values().stream().map(Reading::source).toList())
                .forEach((source, wakes) -> {
                    Reading reading = readings.get(source.partition());
                    if (reading != null && !isFollowed(reading)) {
                        woken.put(source.partition(), wakes);
                    }
                });
        if (woken.isEmpty()) {
            return;
        }
        try {
            consumer.endOffsets(woken.keySet(), END_PATIENCE)
                    .forEach((partition, end) -> {
                        Reading reading = readings.get(partition);
                        if (reading != null && consumer.position(partition) >= end) {
                            var _ = reading.source().rest(woken.getOrDefault(partition, -1L));
                        }
                    });
        } catch (TimeoutException e) {
            LOG.atDebug().setCause(e).log("ends of idle lanes are not known");
        }
    }

    private static boolean isFollowed(Reading reading) {
        return reading.slot()
                .waitLane(reading.source().partition().topic())
                .filter(WaitLane::isFollowed)
                .isPresent();
    }

    private static OptionalLong written(Reading reading) {
        OwnedSlot slot = reading.slot();
        TopicPartition requests = new TopicPartition(Topic.REQUESTS.topicName(), slot.number());
        return slot.waitLane(reading.source().partition().topic())
                .flatMap(lane -> slot.source(requests).map(lane::written))
                .orElse(OptionalLong.empty());
    }

    void stop() {
        running = false;
    }

    /**
     * Assigns what the owned slots have now; what is new, or owned anew, is read from its frontier.
     */
    private void follow() {
        Map<TopicPartition, Reading> wanted = new HashMap<>();
        for (OwnedSlot slot : ownership.slots()) {
            for (Source source : slot.sources()) {
                if (!source.partition().topic().equals(Topic.REQUESTS.topicName())
                        && !source.isResting()
                        && mayRead(source.partition())) {
                    wanted.put(source.partition(), new Reading(slot, source));
                }
            }
        }
        if (wanted.equals(readings)) {
            return;
        }
        consumer.assign(wanted.keySet());
        wanted.forEach((partition, reading) -> {
            if (!reading.equals(readings.get(partition))) {
                consumer.seek(partition, reading.source().frontier().lowestOpen());
            }
        });
        readings.clear();
        readings.putAll(wanted);
        refill.retain(wanted.keySet());
    }

    private boolean mayRead(TopicPartition partition) {
        if (TenantTopics.tenantOfInbox(partition.topic()).isEmpty()) {
            return true;
        }
        Long until = heldUntil.get(partition);
        if (until != null && nanos.getAsLong() - until < 0) {
            return false;
        }
        heldUntil.remove(partition);
        return open.test(partition);
    }

    private void receive(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
        Reading reading = readings.get(partition);
        if (reading == null || !reading.slot().isOwned()) {
            return;
        }
        for (ConsumerRecord<byte[], byte[]> each : records) {
            try {
                reception.receive(reading.slot(), reading.source(), each);
            } catch (RegistryUnavailableException e) {
                LOG.atWarn().setCause(e).log("lane waits for the schema registry");
                consumer.seek(partition, each.offset());
                // an inbox alone may name schemas that nobody has asked for yet: it waits, so that
                // no other lane does while the registry is asked in vain
                heldUntil.put(partition, nanos.getAsLong() + HOLD.toNanos());
                return;
            }
        }
    }
}
