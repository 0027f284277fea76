package io.millrace.standalone.bench;

import java.time.Duration;
import java.util.List;

/**
 * How long a benchmark takes.
 *
 * @param warmUp load before anything is measured
 * @param accepting how long each number of connections submits
 * @param overhead how long a steady rate is kept
 * @param rates jobs a second of the steady rates
 * @param jobs how many jobs go from end to end
 * @param flood how many jobs one tenant floods the others with
 * @param longCalls how many long calls run at the same time
 * @param longCall how long each takes: longer than it takes to submit them
 */
public record BenchPlan(
        Duration warmUp,
        Duration accepting,
        Duration overhead,
        List<Integer> rates,
        int jobs,
        int flood,
        int longCalls,
        Duration longCall) {

    /** For figures that are told to others. */
    public static final BenchPlan FULL =
            new BenchPlan(
                    Duration.ofSeconds(40),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    List.of(100, 1_000),
                    50_000,
                    20_000,
                    10_000,
                    Duration.ofSeconds(30));

    /** For finding out whether a benchmark runs at all. */
    public static final BenchPlan QUICK =
            new BenchPlan(
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(2),
                    List.of(50),
                    500,
                    200,
                    100,
                    Duration.ofSeconds(2));

    public BenchPlan {
        rates = List.copyOf(rates);
        if (rates.stream().anyMatch(rate -> rate < 1) || jobs < 1 || flood < 1 || longCalls < 1) {
            throw new IllegalArgumentException(
                    "rates and numbers of jobs must be 1 or more, but were %s, %d, %d and %d"
                            .formatted(rates, jobs, flood, longCalls));
        }
    }
}
