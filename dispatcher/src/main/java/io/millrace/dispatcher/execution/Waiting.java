package io.millrace.dispatcher.execution;

import java.time.Instant;
import java.util.Comparator;

/**
 * A job that waits for its start.
 *
 * @param bounds tokens it may use
 * @param charge tokens it is expected to use: what its tenant is charged with when it starts
 * @param number later jobs have higher ones
 */
record Waiting(Job job, TokenBounds bounds, long charge, long number) {

    /**
     * What was tried before goes first, then what came first: else a target that lets one call
     * through at a time would refuse one new job after the other, while the old ones never end.
     */
    static final Comparator<Waiting> ORDER =
            Comparator.<Waiting, Boolean>comparing(each -> each.job().progress().attempts() == 0)
                    .thenComparingLong(Waiting::number);

    Line.Key line() {
        return Line.Key.of(job);
    }

    Instant expiry() {
        return job.expiresAt().orElse(Instant.MAX);
    }
}
