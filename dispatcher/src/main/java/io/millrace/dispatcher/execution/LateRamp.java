package io.millrace.dispatcher.execution;

import java.time.Duration;
import java.time.Instant;

/**
 * When work that may wait goes before work that may not: so that it gets a share of the tokens, at
 * least 2 %, which rises to 50 % over the second half of the time it has. Not thread-safe.
 */
final class LateRamp {

    private static final double LEAST = 0.02;
    private static final double MOST = 0.50;
    private static final double BEGIN = 0.5; // of the time between acceptance and expiry

    private double credit;

    /** Returns the share due to a job at that time. */
    static double share(Job job, Instant now) {
        return job.expiresAt()
                .map(end -> {
                    Instant begin = job.submit().getAcceptedAt();
                    double all = Math.max(1, Duration.between(begin, end).toMillis());
                    double gone = Duration.between(begin, now).toMillis() / all;
                    double ramp = Math.clamp((gone - BEGIN) / (1 - BEGIN), 0, 1);
                    return LEAST + (MOST - LEAST) * ramp;
                })
                .orElse(LEAST);
    }

    /** Returns whether a job that may wait has waited for enough others. */
    boolean isDue(long charge) {
        return credit >= charge;
    }

    /** A job went before the one that may wait, which is due that share. */
    void passed(long charge, double share, long waitingCharge) {
        double due = charge * share / (1 - share);
        // what was not asked for is not saved, but for the one call that it did not suffice for
        credit = Math.min(waitingCharge + due, credit + due);
    }

    /** The job that may wait went first. */
    void served(long charge) {
        credit = Math.max(0, credit - charge);
    }
}
