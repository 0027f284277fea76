package io.millrace.ingress.http;

import io.helidon.http.HttpException;
import io.helidon.http.RequestException;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.schemas.serde.RegistryUnavailableException;
import io.millrace.servicekit.http.MalformedJsonException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns what a route throws into the answer that its client reads. */
public final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final String OUR_OWN = "/v1/jobs";

    private Failures() {}

    /** Answers a request that ended in that failure. */
    public static void answer(ServerRequest request, ServerResponse answer, Throwable failure) {
        if (answer.isSent()) {
            return;
        }
        ApiError error = error(request, failure);
        if (request.path().absolute().path().startsWith(OUR_OWN)) {
            Answers.problem(answer, error);
        } else {
            Answers.error(answer, error);
        }
    }

    private static ApiError error(ServerRequest request, Throwable failure) {
        return switch (failure) {
            case ApiException refused -> refused.error();
            case UnavailableException unavailable -> {
                LOG.atWarn()
                        .addKeyValue("path", request.path().absolute().path())
                        .addKeyValue("reason", unavailable.getMessage())
                        .addKeyValue("cause", String.valueOf(unavailable.getCause()))
                        .log("request cannot be answered now");
                yield unavailable.error();
            }
            case RegistryUnavailableException _ ->
                    ApiError.unavailable(
                            "The schema registry cannot be reached.", Duration.ofSeconds(1));
            case MalformedJsonException malformed ->
                    ApiError.invalid("invalid_json", String.valueOf(malformed.getMessage()), "");
            case HttpException http -> byStatus(http.status().code());
            case RequestException http -> byStatus(http.status().code());
            default -> {
                LOG.atError()
                        .addKeyValue("path", request.path().absolute().path())
                        .setCause(failure)
                        .log("request failed");
                yield internal();
            }
        };
    }

    private static ApiError byStatus(int status) {
        if (status == 404) {
            return ApiError.notFound("unknown_url", "There is nothing at this address.");
        }
        if (status == 413) {
            return ApiError.tooLarge("The body is too large.");
        }
        if (status >= 400 && status <= 499) {
            return ApiError.of(
                    status,
                    "invalid_request_error",
                    "invalid_request",
                    "The request is not valid HTTP for this address.",
                    "");
        }
        return internal();
    }

    private static ApiError internal() {
        return ApiError.of(
                500, "server_error", "internal_error", "Something failed on our side.", "");
    }
}
