package io.millrace.ingress.batch;

/** The log of a view partition cannot be written any more: begin again from what it holds. */
final class LostLogException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    LostLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
