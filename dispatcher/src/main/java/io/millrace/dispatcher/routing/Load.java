package io.millrace.dispatcher.routing;

/**
 * How loaded a target is.
 *
 * @param inFlight calls that run
 * @param limit calls that may run at the same time; 0 while the target cools down
 */
public record Load(int inFlight, int limit) {

    /** Returns whether another call may start. */
    public boolean hasRoom() {
        return inFlight < limit;
    }

    double share() {
        return limit == 0 ? 1 : (double) inFlight / limit;
    }
}
