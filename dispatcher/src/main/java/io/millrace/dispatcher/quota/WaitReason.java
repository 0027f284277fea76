package io.millrace.dispatcher.quota;

import java.util.Locale;

/** Why a job waits; the word is what users and meters see. */
public enum WaitReason {
    /** Too many calls started within the last minute. */
    REQUESTS_PER_MINUTE,
    /** Too many tokens are held or were used within the last minute. */
    TOKENS_PER_MINUTE,
    /** As many calls of the tenant run as may. */
    TENANT_CONCURRENCY,
    /** As many calls of the key run as may. */
    KEY_CONCURRENCY,
    /** As many calls of the tenant to the model run as may. */
    MODEL_CONCURRENCY,
    /** The day's money or tokens are held by calls that run. */
    DAILY_BUDGET,
    /** The month's money or tokens are held by calls that run. */
    MONTHLY_BUDGET,
    /** No target of the model has room. */
    PROVIDER_LIMIT,
    /** It is not its turn yet. */
    TURN,
    /** A pause before it is tried again, or a time it must not start before. */
    PAUSE;

    /** Returns the word. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
