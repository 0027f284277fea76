package io.millrace.standalone.demo;

/** The API did not answer a request of the demo as it should have; the message is one line. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    ApiException(String message) {
        super(message);
    }

    ApiException(String message, Throwable cause) {
        super(message, cause);
    }
}
