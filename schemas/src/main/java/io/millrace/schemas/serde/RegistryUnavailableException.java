package io.millrace.schemas.serde;

/** The schema registry did not answer: nothing is said about the bytes, and later may be better. */
public final class RegistryUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    RegistryUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
