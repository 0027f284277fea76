package io.millrace.usageaggregator.usage;

/** Some cells cannot be read at the moment: they are being restored, or moved. */
public final class CubeUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Says why, to an operator. */
    public CubeUnavailableException(String message) {
        super(message);
    }

    /** Says why, to an operator. */
    public CubeUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
