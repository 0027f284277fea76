package io.millrace.dispatcher.routing;

import java.time.Duration;

/**
 * How loaded a target is.
 *
 * @param inFlight calls that run
 * @param limit calls that may run at the same time; 0 while the target is out
 * @param delay how long the provider's limits a minute hold the next call back
 * @param latency how long its calls take; zero while that is not known
 */
public record Load(int inFlight, int limit, Duration delay, Duration latency) {

    /** The load of a target that cannot be called. */
    public static final Load OUT = new Load(0, 0);

    /** Makes the load of a target without limits a minute and of unknown latency. */
    public Load(int inFlight, int limit) {
        this(inFlight, limit, Duration.ZERO, Duration.ZERO);
    }

    /** Returns whether another call may start. */
    public boolean hasRoom() {
        return inFlight < limit && delay.isZero();
    }

    /** Returns whether no call may start, however few run. */
    public boolean isOut() {
        return limit == 0;
    }

    double share() {
        return limit == 0 ? 1 : (double) inFlight / limit;
    }

    /** The time that one more call can expect; the unknown is tried first. */
    double expectedNanos() {
        return (double) latency.toNanos() * (inFlight + 1);
    }
}
