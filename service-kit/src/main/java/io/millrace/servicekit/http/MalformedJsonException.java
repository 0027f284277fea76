package io.millrace.servicekit.http;

/** Bytes that are no JSON, or JSON beyond the limits; the message may be shown to the sender. */
public final class MalformedJsonException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedJsonException(String message) {
        super(message);
    }
}
