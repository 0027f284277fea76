package io.millrace.standalone.bench;

/** A benchmark that cannot tell the truth: a process ended, or answers were not as expected. */
public final class BenchException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    BenchException(String message) {
        super(message);
    }

    BenchException(String message, Throwable cause) {
        super(message, cause);
    }
}
