package io.millrace.dispatcher.intake;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;

/**
 * How long the next record of a lane takes to come that is read on: a moving average over all
 * lanes, since they share a reader. One thread writes, any may read.
 */
final class Refill {

    /** As it was measured with a long poll of 50 ms under way. */
    static final Duration FIRST = Duration.ofMillis(50);

    private static final long LEAST_NANOS = Duration.ofMillis(5).toNanos();
    private static final long MOST_NANOS = Duration.ofSeconds(1).toNanos();
    private static final double NEWEST = 0.2; // weight of the newest in the average

    private final LongSupplier nanos;
    private final Map<TopicPartition, Long> awaited = new HashMap<>();
    private double average = FIRST.toNanos();
    private volatile Duration usual = FIRST;

    Refill(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Returns what it takes. */
    Duration usual() {
        return usual;
    }

    /** Takes note that a lane which has more is read on. */
    void resumed(TopicPartition lane) {
        awaited.put(lane, nanos.getAsLong());
    }

    /** Takes note that records of a lane have come. */
    void came(TopicPartition lane) {
        Long since = awaited.remove(lane);
        if (since != null) {
            long took = Math.clamp(nanos.getAsLong() - since, LEAST_NANOS, MOST_NANOS);
            average += NEWEST * (took - average);
            usual = Duration.ofNanos(Math.round(average));
        }
    }

    /** Forgets what is read no more. */
    void retain(Collection<TopicPartition> lanes) {
        awaited.keySet().retainAll(lanes);
    }
}
