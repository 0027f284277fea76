package io.millrace.standalone.bench;

import java.time.Duration;

/**
 * How long a benchmark takes.
 *
 * @param warmUp load before anything is measured
 * @param accepting how long each number of connections submits
 * @param overhead how long the steady rate is kept
 * @param rate jobs a second of the steady rate
 * @param jobs how many jobs go from end to end
 */
public record BenchPlan(
        Duration warmUp, Duration accepting, Duration overhead, int rate, int jobs) {

    /** For figures that are told to others. */
    public static final BenchPlan FULL =
            new BenchPlan(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    100,
                    20_000);

    /** For finding out whether a benchmark runs at all. */
    public static final BenchPlan QUICK =
            new BenchPlan(
                    Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2), 50, 500);

    public BenchPlan {
        if (rate < 1 || jobs < 1) {
            throw new IllegalArgumentException(
                    "rate and jobs must be 1 or more, but were %d and %d".formatted(rate, jobs));
        }
    }
}
