package io.millrace.standalone.bench;

import java.time.Duration;
import java.util.List;

/**
 * Measured durations.
 *
 * @param sorted ascending, at least one
 */
record Latencies(List<Duration> sorted) {

    Latencies {
        if (sorted.isEmpty()) {
            throw new BenchException("nothing was measured");
        }
        sorted = sorted.stream().sorted().toList();
    }

    /** Returns the smallest duration that so many per cent do not exceed. */
    Duration percentile(double percent) {
        int rank = (int) Math.ceil(sorted.size() * percent / 100);
        return sorted.get(Math.clamp(rank - 1, 0, sorted.size() - 1));
    }

    /** Returns a percentile in milliseconds. */
    double millis(double percent) {
        return percentile(percent).toNanos() / 1e6;
    }
}
