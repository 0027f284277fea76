package io.millrace.dispatcher.routing;

/**
 * How much a target may be asked again: first attempts earn a tenth of a retry each, a retry costs
 * one, and one that was answered gets its cost back, for it was no extra load.
 *
 * <p>So a target that fails gets at most 10 % more calls than without retries, and one that is well
 * again is not starved of those that failed before. Not thread-safe.
 */
public final class RetryBudget {

    private static final double EARNED = 0.1;
    private static final double MOST = 100;
    private static final double FIRST = 10;

    private double left = FIRST;

    /** Notes a first attempt. */
    public void first() {
        left = Math.min(MOST, left + EARNED);
    }

    /** Returns whether a retry may be made. */
    public boolean hasRoom() {
        return left >= 1;
    }

    /** Takes the cost of a retry. */
    public void retry() {
        left = Math.max(0, left - 1);
    }

    /** Gives the cost of a retry back: it was answered, or never made. */
    public void refund() {
        left = Math.min(MOST, left + 1);
    }

    /** Returns how many retries are left. */
    public double left() {
        return left;
    }
}
