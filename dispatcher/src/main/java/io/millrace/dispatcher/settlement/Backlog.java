package io.millrace.dispatcher.settlement;

/**
 * How much waits to start.
 *
 * @param jobs how many jobs
 * @param bytes what they take in memory, roughly
 */
public record Backlog(int jobs, long bytes) {

    /** Nothing waits. */
    public static final Backlog NONE = new Backlog(0, 0);

    public Backlog {
        if (jobs < 0 || bytes < 0) {
            throw new IllegalArgumentException(
                    "jobs and bytes must not be negative, but were " + jobs + ", " + bytes);
        }
    }

    Backlog plus(long size) {
        return new Backlog(jobs + 1, bytes + size);
    }

    Backlog minus(long size) {
        return jobs == 1 ? NONE : new Backlog(jobs - 1, bytes - size);
    }
}
