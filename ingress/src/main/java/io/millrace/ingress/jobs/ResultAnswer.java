package io.millrace.ingress.jobs;

import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.ErrorDetail;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.time.Duration;

/**
 * The answer that a terminal state is to a client: the provider's status and body, or an error.
 *
 * @param status HTTP status
 * @param body JSON; nobody may change it
 */
@SuppressWarnings("ArrayRecordComponent") // passed on, never compared
record ResultAnswer(int status, byte[] body) {

    private static final int GONE = 410;
    private static final int BAD_GATEWAY = 502;
    private static final int TOO_MANY = 429;

    /** Returns the answer that a result is. */
    static ResultAnswer of(InferenceResult result, ClaimCheck claims) {
        return switch (result.getStatus()) {
            case COMPLETED -> completed(result, claims);
            case FAILED -> failed(result);
            case CANCELLED -> gone("cancelled", "The job was cancelled.");
            case EXPIRED -> gone("expired", "The job expired before it had ended.");
            case OUTCOME_UNKNOWN, UNKNOWN ->
                    gone("outcome_unknown", "Nobody knows whether the provider did the work.");
        };
    }

    /**
     * Says whether to ask for the same again, and when. What waits for a minute to pass may be sent
     * again; of all else Millrace has tried enough, and another job would be billed once more.
     */
    static void hints(ServerResponse answer, InferenceResult result) {
        Long wait = result.getRetryAfterMs();
        Integer status = result.getHttpStatus();
        if (wait != null && status != null && status == TOO_MANY) {
            Answers.retryAfter(answer, Duration.ofMillis(wait));
            answer.header("retry-after-ms", String.valueOf(wait));
        } else {
            answer.header("x-should-retry", "false");
        }
    }

    private static ResultAnswer completed(InferenceResult result, ClaimCheck claims) {
        Integer status = result.getHttpStatus();
        try {
            byte[] body =
                    result.getBody() == null
                            ? Json.bytes(Json.object())
                            : claims.checkOut(result.getBody());
            return new ResultAnswer(status == null ? 200 : status, body);
        } catch (IOException e) {
            throw new UnavailableException(
                    "The body of the result could not be read.", Duration.ofSeconds(1), e);
        }
    }

    private static ResultAnswer failed(InferenceResult result) {
        Integer status = result.getHttpStatus();
        ErrorDetail error = result.getError();
        int shown = status != null && status >= 400 && status <= 599 ? status : BAD_GATEWAY;
        if (error == null) {
            return error(
                    ApiError.of(shown, "server_error", "provider_error", "The call failed.", ""));
        }
        boolean late = status == null && error.getCode().contains("deadline");
        return error(
                ApiError.of(
                        late ? 504 : shown,
                        error.getType(),
                        error.getCode(),
                        error.getMessage(),
                        error.getParam() == null ? "" : error.getParam()));
    }

    private static ResultAnswer gone(String code, String message) {
        return error(ApiError.of(GONE, "invalid_request_error", code, message, ""));
    }

    private static ResultAnswer error(ApiError error) {
        return new ResultAnswer(error.status(), Json.bytes(Answers.body(error)));
    }
}
