package io.millrace.ingress.admission;

import io.millrace.ingress.http.ApiError;

/** A field that is not what it must be; it never leaves this room. */
final class WrongFieldException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient ApiError error;

    WrongFieldException(ApiError error) {
        super(error.message(), null, false, false);
        this.error = error;
    }

    WrongFieldException(String code, String message, String param) {
        this(ApiError.invalid(code, message, param.length() > 64 ? "" : param));
    }

    ApiError error() {
        return error;
    }
}
