package io.millrace.ingress.http;

import java.time.Duration;

/** A part that cannot answer now, such as Kafka or a partition of the view; later may be better. */
public final class UnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** Tells what was tried in vain; the message may be shown to clients. */
    public UnavailableException(String message, Duration retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /** Tells what was tried in vain and why; the message may be shown to clients. */
    public UnavailableException(String message, Duration retryAfter, Throwable cause) {
        super(message, cause);
        this.retryAfter = retryAfter;
    }

    /** Returns the error that clients see. */
    public ApiError error() {
        return ApiError.unavailable(String.valueOf(getMessage()), retryAfter);
    }
}
