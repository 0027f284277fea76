package io.millrace.ingress.admission;

/**
 * How much of a tenant's work has been accepted and has not ended, or is to be.
 *
 * @param jobs jobs and lines of batches
 * @param tokens the most that they may use, estimated
 */
public record Queued(long jobs, long tokens) {

    /** No work at all. */
    public static final Queued NOTHING = new Queued(0, 0);

    /** Returns the sum of both. */
    public Queued plus(Queued other) {
        return new Queued(jobs + other.jobs, tokens + other.tokens);
    }

    /** Returns what is left of it without the other. */
    public Queued minus(Queued other) {
        return new Queued(jobs - other.jobs, tokens - other.tokens);
    }
}
