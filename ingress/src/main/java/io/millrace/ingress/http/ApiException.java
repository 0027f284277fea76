package io.millrace.ingress.http;

/** A request that ends in an error its sender is told. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    /** Ends a request with that error. */
    public ApiException(ApiError error) {
        // a refusal is an ordinary answer, so that no stack is walked for it
        super(error.message(), null, false, false);
        this.error = error;
    }

    /** Returns the error. */
    public ApiError error() {
        return error;
    }
}
