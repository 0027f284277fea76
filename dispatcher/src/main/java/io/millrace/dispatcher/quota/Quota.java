package io.millrace.dispatcher.quota;

/**
 * The quotas of tenants: asked before each attempt of a job.
 *
 * <p>Every reservation is granted as yet. The question is asked all the same, where a refusal or a
 * wait will have its effect.
 */
public final class Quota {

    /** Decides whether a call may start now, and if so holds the most it may use. */
    public Decision reserve(Reservation wanted) {
        return new Decision.Granted(wanted);
    }
}
