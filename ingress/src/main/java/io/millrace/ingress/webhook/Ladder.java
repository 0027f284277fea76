package io.millrace.ingress.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** When an event that did not arrive is tried again. Pure. */
final class Ladder {

    /** How often an event is tried in all. */
    static final int TRIES = 10;

    // from one try to the next, after the first
    private static final List<Duration> STEPS =
            List.of(
                    Duration.ofSeconds(5),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(30),
                    Duration.ofHours(2),
                    Duration.ofHours(5),
                    Duration.ofHours(10),
                    Duration.ofHours(14),
                    Duration.ofHours(20),
                    Duration.ofHours(24));
    private static final double JITTER = 0.1;

    private Ladder() {}

    /**
     * Returns how long to wait after a number of tries failed, up to a tenth more or less, so that
     * what failed together does not come back together; none when it is given up.
     */
    static Optional<Duration> after(int failures, RandomGenerator random) {
        if (failures > STEPS.size()) {
            return Optional.empty();
        }
        long nanos = STEPS.get(failures - 1).toNanos();
        double factor = 1 + JITTER * (2 * random.nextDouble() - 1);
        return Optional.of(Duration.ofNanos(Math.round(nanos * factor)));
    }
}
