package io.millrace.schemas.serde;

/** Bytes that are no record of the expected type: poison, and no retry will cure it. */
public final class UndecodableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UndecodableException(String message, Throwable cause) {
        super(message, cause);
    }

    UndecodableException(String message) {
        super(message);
    }
}
