package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.settlement.Backlog;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Source;
import io.millrace.schemas.serde.RegistryUnavailableException;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends in time what expires, or is cancelled, while it lies unread in a lane: looks through what is
 * beyond the reader's place, and passes on what ends now. One thread runs it.
 *
 * <p>Of each stretch it keeps only when its first job expires, so that a lane of a million jobs
 * costs a thousand numbers, and is read a second time only where something is due. Lanes whose
 * reader keeps up are left alone.
 */
final class LaneSweep {

    private static final Logger LOG = LoggerFactory.getLogger(LaneSweep.class);

    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Ownership ownership;
    private final Reception reception;
    private final Function<TopicPartition, Backlog> most;
    private final InstantSource clock;
    private final Map<Source, Stretches> known = new HashMap<>();
    private volatile boolean running = true;

    /**
     * Makes it.
     *
     * @param most what may wait of a source before its reader stops
     */
    LaneSweep(
            Consumer<byte[], byte[]> consumer,
            Ownership ownership,
            Reception reception,
            Function<TopicPartition, Backlog> most,
            InstantSource clock) {
        this.consumer = consumer;
        this.ownership = ownership;
        this.reception = reception;
        this.most = most;
        this.clock = clock;
    }

    /** Sweeps once a second until it is stopped. */
    void run() {
        while (running) {
            try {
                round();
            } catch (KafkaException | RegistryUnavailableException e) {
                LOG.atWarn().setCause(e).log("lanes are not swept, and tried again");
            }
            LockSupport.parkNanos(EVERY.toNanos());
        }
    }

    void stop() {
        running = false;
    }

    /** Looks once at every lane whose reader is behind. */
    void round() {
        Map<Source, OwnedSlot> behind = new HashMap<>();
        for (OwnedSlot slot : ownership.slots()) {
            for (Source source : slot.sources()) {
                if (!source.partition().topic().equals(Topic.REQUESTS.topicName())
                        && isBehind(source)) {
                    behind.put(source, slot);
                }
            }
        }
        // a reader that halts stays behind, so that what is forgotten here was of no more use
        known.keySet().retainAll(behind.keySet());
        if (behind.isEmpty()) {
            return;
        }
        Map<TopicPartition, Long> ends =
                consumer.endOffsets(behind.keySet().stream().map(Source::partition).toList());
        behind.forEach(
                (source, slot) -> sweep(source, slot, ends.getOrDefault(source.partition(), 0L)));
    }

    /** Returns whether a reader may have stopped: half of what stops it waits. */
    private boolean isBehind(Source source) {
        Backlog waiting = source.waiting();
        Backlog bound = most.apply(source.partition());
        return waiting.jobs() >= bound.jobs() / 2 || waiting.bytes() >= bound.bytes() / 2;
    }

    private void sweep(Source source, OwnedSlot slot, long end) {
        TopicPartition partition = source.partition();
        Stretches stretches = known.computeIfAbsent(source, _ -> new Stretches());
        long wishes = slot.wishes();
        List<Long> due = stretches.due(source.position(), end, wishes, clock.instant());
        if (!due.isEmpty()) {
            consumer.assign(List.of(partition));
        }
        for (long number : due) {
            if (!slot.isOwned()) {
                return;
            }
            look(slot, source, number, end)
                    .ifPresent(seen ->
                            stretches.seen(
                                    number,
                                    new Stretches.Stretch(seen.to(), seen.expiry(), wishes)));
        }
    }

    /** What was found in a stretch: the offset behind it, and when its first open job expires. */
    private record Seen(long to, Instant expiry) {}

    /** Looks through what there is of a stretch by now; nothing when it does not come in time. */
    private Optional<Seen> look(OwnedSlot slot, Source source, long number, long end) {
        TopicPartition partition = source.partition();
        long until = Math.min((number + 1) * Stretches.LENGTH, end);
        consumer.seek(partition, Math.max(source.position(), number * Stretches.LENGTH));
        Instant first = Instant.MAX;
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < until) {
            if (System.nanoTime() > giveUp) {
                return Optional.empty();
            }
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL).records(partition)) {
                if (each.offset() < until) {
                    Instant expiry = reception.sweep(slot, source, each);
                    first = expiry.isBefore(first) ? expiry : first;
                }
            }
        }
        return Optional.of(new Seen(until, first));
    }
}
