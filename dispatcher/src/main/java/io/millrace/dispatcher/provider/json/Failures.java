package io.millrace.dispatcher.provider.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.dispatcher.provider.ErrorBody;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.schemas.money.Usage;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** Turns an error that the provider answered with into an outcome. */
final class Failures {

    private static final int BAD_GATEWAY = 502;
    private static final int MOST_TEXT = 4_000;
    private static final Set<Integer> AGAIN = Set.of(408, 409, 425, 429);
    private static final Set<String> FINAL_TYPES =
            Set.of(
                    "invalid_request_error",
                    "not_found_error",
                    "request_too_large",
                    "content_filter",
                    "content_policy_violation",
                    "context_length_exceeded");

    private final UnaryOperator<String> scrub;

    /**
     * @param scrub removes keys from a text
     */
    Failures(UnaryOperator<String> scrub) {
        this.scrub = scrub;
    }

    /** Judges an answer with a status that is an error, but for one about the key. */
    Outcome ofStatus(int status, byte[] body, Optional<Duration> after) {
        if (status < 400) {
            return misconfigured(status);
        }
        return outcome(status, status, error(body), after);
    }

    /** Judges an error that came with a good status. */
    Outcome inAnswer(int status, JsonNode error, Optional<Duration> after) {
        int named = namedStatus(error);
        if (named != 0) {
            return outcome(named, status, error, after);
        }
        String type = text(error, "type", "");
        String code = text(error, "code", "");
        if (FINAL_TYPES.contains(type) || FINAL_TYPES.contains(code)) {
            return outcome(400, status, error, after);
        }
        boolean isLimit = type.contains("rate_limit") || code.contains("rate_limit");
        return outcome(isLimit ? 429 : BAD_GATEWAY, status, error, after);
    }

    private Outcome outcome(int status, int answered, JsonNode error, Optional<Duration> after) {
        ProviderError summary =
                new ProviderError(
                        code(error, status),
                        "the provider answered %d".formatted(answered),
                        type(error, status));
        byte[] body = body(error, summary);
        return status >= 500 || AGAIN.contains(status)
                ? new Outcome.Retryable(status, body, summary, after)
                : new Outcome.Refused(status, body, summary, Usage.NONE);
    }

    private static Outcome misconfigured(int status) {
        ProviderError error =
                new ProviderError(
                        "provider_misconfigured",
                        "the provider answered %d, which is never followed".formatted(status),
                        "server_error");
        return new Outcome.Refused(BAD_GATEWAY, ErrorBody.of(error), error, Usage.NONE);
    }

    private static JsonNode error(byte[] body) {
        try {
            return Json.parse(body).path("error");
        } catch (MalformedJsonException e) {
            return MissingNode.getInstance();
        }
    }

    private static int namedStatus(JsonNode error) {
        for (String name : new String[] {"status", "code", "status_code"}) {
            int status = error.path(name).asInt(0);
            if (status >= 400 && status <= 599) {
                return status;
            }
        }
        return 0;
    }

    private byte[] body(JsonNode error, ProviderError summary) {
        String message = error.isTextual() ? error.textValue() : text(error, "message", "");
        String param = text(error, "param", "");
        return ErrorBody.of(
                message.isEmpty() ? summary.message() : cleaned(message),
                summary.type(),
                param.isEmpty() ? null : cleaned(param),
                summary.code());
    }

    private String code(JsonNode error, int status) {
        String code = text(error, "code", "");
        if (!code.isEmpty()) {
            return cleaned(code);
        }
        return switch (status) {
            case 404 -> "not_found";
            case 408 -> "provider_timeout";
            case 429 -> "rate_limit_exceeded";
            default -> status >= 500 ? "provider_error" : "invalid_request";
        };
    }

    private String type(JsonNode error, int status) {
        String standard =
                status == 429
                        ? "rate_limit_error"
                        : status >= 500 ? "server_error" : "invalid_request_error";
        return cleaned(text(error, "type", standard));
    }

    private static String text(JsonNode error, String name, String otherwise) {
        JsonNode value = error.path(name);
        return value.isValueNode() && !value.isNull() ? value.asText() : otherwise;
    }

    private String cleaned(String text) {
        String scrubbed = scrub.apply(text);
        return scrubbed.length() <= MOST_TEXT ? scrubbed : scrubbed.substring(0, MOST_TEXT) + "…";
    }
}
