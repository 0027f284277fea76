package io.millrace.dispatcher.routing;

import java.time.Duration;
import java.time.Instant;

/**
 * How slow a target is, pessimistically: a slower call is believed at once, a faster one bit by bit
 * over some ten seconds (peak-EWMA, as Finagle's balancer). Not thread-safe.
 */
public final class PeakLatency {

    private static final double DECAY_NANOS = Duration.ofSeconds(10).toNanos();

    private double nanos;
    private Instant observedAt = Instant.MIN;

    /** Takes the time that a call took into account. */
    public void observe(Duration took, Instant now) {
        double sample = took.toNanos();
        if (observedAt.equals(Instant.MIN) || sample >= nanos) {
            nanos = sample;
        } else {
            double age = Math.max(0, Duration.between(observedAt, now).toNanos());
            double kept = Math.exp(-age / DECAY_NANOS);
            nanos = nanos * kept + sample * (1 - kept);
        }
        observedAt = now;
    }

    /** Returns it; zero while nothing is known. */
    public Duration value() {
        return Duration.ofNanos((long) nanos);
    }
}
