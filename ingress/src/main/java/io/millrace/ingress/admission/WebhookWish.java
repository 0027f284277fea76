package io.millrace.ingress.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Where a client wants the events of one job or batch to be sent, read but not yet judged.
 *
 * @param url address
 * @param events types that are wanted; empty for all
 * @param secret that signs; null for the tenant's default one
 */
public record WebhookWish(String url, List<String> events, @Nullable String secret) {

    private static final Set<String> FIELDS = Set.of("url", "events", "secret");
    private static final int MOST_EVENTS = 32;

    public WebhookWish {
        events = List.copyOf(events);
    }

    /**
     * Reads the field {@code webhook} of an envelope; none when it is absent.
     *
     * @throws ApiException 400 that names the field
     */
    public static Optional<WebhookWish> read(@Nullable JsonNode node) {
        if (node == null || node.isMissingNode() || node.isNull()) {
            return Optional.empty();
        }
        if (!(node instanceof ObjectNode fields)) {
            throw wrong("invalid_type", "webhook must be a JSON object.", "webhook");
        }
        for (String name : (Iterable<String>) fields::fieldNames) {
            if (!FIELDS.contains(name)) {
                throw wrong(
                        "unknown_parameter",
                        "webhook has only url, events and secret.",
                        name.length() > MOST_EVENTS ? "webhook" : "webhook." + name);
            }
        }
        JsonNode url = fields.path("url");
        if (!url.isTextual()) {
            throw wrong(
                    url.isMissingNode() ? "missing_parameter" : "invalid_type",
                    "webhook.url must be a text.",
                    "webhook.url");
        }
        return Optional.of(
                new WebhookWish(
                        url.asText(),
                        events(fields.path("events")),
                        secret(fields.path("secret"))));
    }

    private static List<String> events(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return List.of();
        }
        List<String> events = new ArrayList<>();
        if (node.isArray() && !node.isEmpty() && node.size() <= MOST_EVENTS) {
            node.forEach(event -> events.add(event.isTextual() ? event.asText() : ""));
        }
        if (events.isEmpty()) {
            throw wrong(
                    "invalid_value",
                    "webhook.events must be a list of 1 to %d types.".formatted(MOST_EVENTS),
                    "webhook.events");
        }
        return events;
    }

    private static @Nullable String secret(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isTextual()) {
            throw wrong("invalid_type", "webhook.secret must be a text.", "webhook.secret");
        }
        return node.asText();
    }

    private static ApiException wrong(String code, String message, String param) {
        return new ApiException(ApiError.invalid(code, message, param));
    }

    /** Leaves the secret out, and the address, which may hold one. */
    @Override
    public String toString() {
        return "WebhookWish[events=%s]".formatted(events);
    }
}
