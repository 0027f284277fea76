package io.millrace.ingress.http;

import java.time.Duration;

/**
 * An error as clients see it, in the shape of OpenAI's error object.
 *
 * @param status HTTP status
 * @param type class of the error, such as {@code invalid_request_error}
 * @param code stable code, such as {@code model_not_found}
 * @param message for a person; never a prompt or a secret
 * @param param name of the field it is about; empty when none is
 * @param retryAfter when to try again; zero when nothing is said about it
 * @param hopeless whether clients are told not to retry
 */
public record ApiError(
        int status,
        String type,
        String code,
        String message,
        String param,
        Duration retryAfter,
        boolean hopeless) {

    private static final String INVALID = "invalid_request_error";

    public ApiError {
        if (status < 400 || status > 599) {
            throw new IllegalArgumentException("status must be 400 to 599, but was " + status);
        }
    }

    /** A request that is wrong in itself. */
    public static ApiError invalid(String code, String message, String param) {
        return of(400, INVALID, code, message, param);
    }

    /** Something that is not there, or not for this caller: nobody can tell which. */
    public static ApiError notFound(String code, String message) {
        return of(404, INVALID, code, message, "");
    }

    /** No credential, or none that is known. */
    public static ApiError unauthorized(String message) {
        return of(401, "authentication_error", "invalid_api_key", message, "");
    }

    /** A caller that may not do this. */
    public static ApiError forbidden(String message) {
        return of(403, "permission_error", "insufficient_permissions", message, "");
    }

    /** A body, or a part of it, beyond a limit. */
    public static ApiError tooLarge(String message) {
        return of(413, INVALID, "request_too_large", message, "");
    }

    /** A part of the service that cannot answer now. */
    public static ApiError unavailable(String message, Duration retryAfter) {
        return of(503, "server_error", "service_unavailable", message, "").after(retryAfter);
    }

    /** Any error with neither a time to retry nor a word against it. */
    public static ApiError of(int status, String type, String code, String message, String param) {
        return new ApiError(status, type, code, message, param, Duration.ZERO, false);
    }

    /** Returns the same error with a time to retry at. */
    public ApiError after(Duration delay) {
        return new ApiError(status, type, code, message, param, delay, hopeless);
    }

    /** Returns the same error, which clients are told not to retry. */
    public ApiError withoutRetry() {
        return new ApiError(status, type, code, message, param, retryAfter, true);
    }
}
