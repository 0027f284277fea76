package io.millrace.dispatcher.execution;

import java.time.Instant;

/**
 * A job that waits for its start.
 *
 * @param bounds tokens it may use
 * @param charge tokens it is expected to use: what its tenant is charged with when it starts
 * @param number later jobs have higher ones
 */
record Waiting(Job job, TokenBounds bounds, long charge, long number) {

    Line.Key line() {
        return Line.Key.of(job);
    }

    Instant expiry() {
        return job.expiresAt().orElse(Instant.MAX);
    }
}
