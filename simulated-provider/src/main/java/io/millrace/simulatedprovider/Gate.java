package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.behaviour.Behaviour;
import io.millrace.simulatedprovider.behaviour.ModelName;
import io.millrace.simulatedprovider.dialect.Endpoint;
import io.millrace.simulatedprovider.dialect.Inquiry;
import io.millrace.simulatedprovider.dialect.InvalidInquiryException;
import io.millrace.simulatedprovider.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Decides which calls are taken on, in the order in which providers do. Thread-safe. */
final class Gate {

    private static final String BEARER = "bearer ";

    private final byte[] apiKey;
    private final RequestLimit limit;

    Gate(String apiKey, RequestLimit limit) {
        this.apiKey = apiKey.getBytes(StandardCharsets.UTF_8);
        this.limit = limit;
    }

    Verdict judge(Endpoint endpoint, HttpRequest request, Instant now) {
        try {
            Inquiry inquiry = endpoint.read(request.body());
            return isKnown(request) ? judge(inquiry, now) : unknownKey(inquiry.model());
        } catch (InvalidInquiryException e) {
            return isKnown(request)
                    ? refused(e.model(), 400, "invalid_request", e.reason())
                    : unknownKey(e.model());
        }
    }

    private Verdict judge(Inquiry inquiry, Instant now) {
        String model = inquiry.model();
        Optional<Behaviour> behaviour = ModelName.behaviour(model);
        if (behaviour.isEmpty()) {
            return refused(
                    model, 404, "model_not_found", "The model '%s' is none".formatted(model));
        }
        Duration wait = limit.admit(now);
        return wait.isZero()
                ? new Verdict.Admitted(inquiry, behaviour.get())
                : overLimit(model, wait);
    }

    private boolean isKnown(HttpRequest request) {
        if (apiKey.length == 0) {
            return true;
        }
        String authorization = request.header("authorization");
        boolean isBearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        String key =
                isBearer ? authorization.substring(BEARER.length()) : request.header("x-api-key");
        return MessageDigest.isEqual(apiKey, key.getBytes(StandardCharsets.UTF_8));
    }

    private static Verdict unknownKey(String model) {
        return refused(model, 401, "invalid_api_key", "The API key is missing or wrong");
    }

    private static Verdict overLimit(String model, Duration wait) {
        long millis = wait.plusNanos(999_999).toMillis();
        Map<String, String> headers =
                Map.of(
                        "retry-after", Long.toString((millis + 999) / 1_000),
                        "retry-after-ms", Long.toString(millis));
        return new Verdict.Refused(
                model, 429, "rate_limit_exceeded", "Too many requests in this minute", headers);
    }

    private static Verdict refused(String model, int status, String code, String message) {
        return new Verdict.Refused(model, status, code, message, Map.of());
    }
}
