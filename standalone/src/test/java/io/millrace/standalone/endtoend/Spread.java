package io.millrace.standalone.endtoend;

import java.time.Duration;
import java.util.List;

/**
 * Measured times, for a report: how many, the middle one, the 99th of a hundred, the longest.
 *
 * @param times in any order; kept sorted
 */
record Spread(List<Duration> times) {

    Spread {
        times = times.stream().sorted().toList();
    }

    /** Returns the time that so many of a hundred do not exceed; zero when there are none. */
    Duration percentile(int hundredths) {
        return times.isEmpty()
                ? Duration.ZERO
                : times.get(Math.max(0, Math.ceilDiv(times.size() * hundredths, 100) - 1));
    }

    @Override
    public String toString() {
        return "%d, p50 %.1f s, p99 %.1f s, max %.1f s"
                .formatted(
                        times.size(),
                        percentile(50).toMillis() / 1e3,
                        percentile(99).toMillis() / 1e3,
                        percentile(100).toMillis() / 1e3);
    }
}
