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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides which calls are taken on, in the order in which providers do. Thread-safe. */
final class Gate {

    private static final String BEARER = "bearer ";

    private final List<String> apiKeys;
    private final KeyLimits limits;

    Gate(List<String> apiKeys, KeyLimits limits) {
        this.apiKeys = List.copyOf(apiKeys);
        this.limits = limits;
    }

    Verdict judge(Endpoint endpoint, HttpRequest request, Instant now) {
        try {
            Inquiry inquiry = endpoint.read(request.body());
            return key(request)
                    .map(key -> judge(inquiry, key, now))
                    .orElseGet(() -> unknownKey(inquiry.model()));
        } catch (InvalidInquiryException e) {
            return key(request).isPresent()
                    ? refused(e.model(), 400, "invalid_request", e.reason())
                    : unknownKey(e.model());
        }
    }

    /** Counts the tokens of a call that was admitted, or refuses it after all. */
    Optional<Verdict.Refused> judge(Verdict.Admitted admitted, long tokens, Instant now) {
        Duration wait = limits.admit(admitted.key(), now, tokens);
        return wait.isZero()
                ? Optional.empty()
                : Optional.of(overLimit(admitted.model(), "tokens", wait));
    }

    private Verdict judge(Inquiry inquiry, String key, Instant now) {
        String model = inquiry.model();
        Optional<Behaviour> behaviour = ModelName.behaviour(model);
        if (behaviour.isEmpty()) {
            return refused(
                    model, 404, "model_not_found", "The model '%s' is none".formatted(model));
        }
        Duration wait = limits.admit(key, now);
        return wait.isZero()
                ? new Verdict.Admitted(inquiry, behaviour.get(), key)
                : overLimit(model, "requests", wait);
    }

    /** The key of a caller, if it is a known one; empty text where none is asked for. */
    private Optional<String> key(HttpRequest request) {
        if (apiKeys.isEmpty()) {
            return Optional.of("");
        }
        String authorization = request.header("authorization");
        boolean isBearer = authorization.regionMatches(true, 0, BEARER, 0, BEARER.length());
        String key =
                isBearer ? authorization.substring(BEARER.length()) : request.header("x-api-key");
        return apiKeys.stream().filter(known -> isSame(known, key)).findAny();
    }

    private static boolean isSame(String known, String key) {
        return MessageDigest.isEqual(
                known.getBytes(StandardCharsets.UTF_8), key.getBytes(StandardCharsets.UTF_8));
    }

    private static Verdict unknownKey(String model) {
        return refused(model, 401, "invalid_api_key", "The API key is missing or wrong");
    }

    private static Verdict.Refused overLimit(String model, String what, Duration wait) {
        long millis = wait.plusNanos(999_999).toMillis();
        Map<String, String> headers =
                Map.of(
                        "retry-after", Long.toString((millis + 999) / 1_000),
                        "retry-after-ms", Long.toString(millis));
        return new Verdict.Refused(
                model,
                429,
                "rate_limit_exceeded",
                "Too many %s in this minute".formatted(what),
                headers);
    }

    private static Verdict refused(String model, int status, String code, String message) {
        return new Verdict.Refused(model, status, code, message, Map.of());
    }
}
