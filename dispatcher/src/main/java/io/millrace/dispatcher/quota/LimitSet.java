package io.millrace.dispatcher.quota;

/**
 * All limits that one call is held to.
 *
 * @param tenant those of its tenant
 * @param key those of the API key it came with
 * @param model those of its tenant for its model
 */
public record LimitSet(Limits tenant, Limits key, Limits model) {

    /** No limits at all. */
    public static final LimitSet NONE = new LimitSet(Limits.NONE, Limits.NONE, Limits.NONE);
}
