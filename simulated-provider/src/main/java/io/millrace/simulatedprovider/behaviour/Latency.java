package io.millrace.simulatedprovider.behaviour;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long the first byte of an answer takes: uniformly between two durations, both included, in
 * whole milliseconds.
 */
record Latency(Duration least, Duration most) {

    static final Latency NONE = new Latency(Duration.ZERO, Duration.ZERO);

    Latency {
        if (least.isNegative() || least.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "latency must not be negative or end before it begins, but was %s to %s"
                            .formatted(least, most));
        }
    }

    Duration draw(RandomGenerator random) {
        return least.equals(most)
                ? least
                : Duration.ofMillis(random.nextLong(least.toMillis(), most.toMillis() + 1));
    }
}
