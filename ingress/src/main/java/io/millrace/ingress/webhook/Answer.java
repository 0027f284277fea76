package io.millrace.ingress.webhook;

import org.jspecify.annotations.Nullable;

/**
 * What a receiver answered, or why it did not.
 *
 * @param status of HTTP; null when there was no answer
 * @param error stable code of what went wrong; null when nothing did
 */
record Answer(@Nullable Integer status, @Nullable String error) {

    private static final int GONE = 410;

    /** A receiver answered. Only 2xx says that it has the event. */
    static Answer of(int status) {
        if (status / 100 == 2) {
            return new Answer(status, null);
        }
        return new Answer(status, status / 100 == 3 ? "redirect" : "status");
    }

    /** A receiver could not be asked. */
    static Answer none(String error) {
        return new Answer(null, error);
    }

    /** Whether the receiver has the event. */
    boolean delivered() {
        return error == null;
    }

    /** Whether the receiver will never take an event again. */
    boolean gone() {
        return status != null && status == GONE;
    }
}
