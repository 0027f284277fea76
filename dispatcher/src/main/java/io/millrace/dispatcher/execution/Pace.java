package io.millrace.dispatcher.execution;

import java.time.Duration;

/**
 * How fast a tenant's jobs start when they are there: what its look-ahead is measured by.
 *
 * @param permits calls it may have at the same time; 0 while it may not start anything
 * @param callTime how long its calls take, on an average that moves
 */
public record Pace(int permits, Duration callTime) {

    /** Stands where nothing was called yet: a provider as it comes, and calls that are short. */
    public static final Pace UNKNOWN = new Pace(64, Duration.ofMillis(200));

    public Pace {
        if (permits < 0 || callTime.isNegative()) {
            throw new IllegalArgumentException(
                    "permits and callTime must not be negative, but were %d, %s"
                            .formatted(permits, callTime));
        }
    }
}
