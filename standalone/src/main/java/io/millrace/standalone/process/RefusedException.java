package io.millrace.standalone.process;

/**
 * Something the user must put right before a start can work.
 *
 * <p>Its message is one line that names the file, flag or port and the reason; a command prints it
 * and exits with 2, without a stack trace.
 */
public class RefusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
        super(message);
    }

    public RefusedException(String message, Throwable cause) {
        super(message, cause);
    }
}
