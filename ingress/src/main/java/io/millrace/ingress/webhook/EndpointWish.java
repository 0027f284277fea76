package io.millrace.ingress.webhook;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a caller wants an endpoint to be; what it does not say is null.
 *
 * @param name for a person
 * @param url where events are sent
 * @param eventTypes which are sent
 * @param enabled whether they are
 */
record EndpointWish(
        @Nullable String name,
        @Nullable String url,
        @Nullable List<String> eventTypes,
        @Nullable Boolean enabled) {

    private static final Set<String> FIELDS = Set.of("name", "url", "event_types", "enabled");
    private static final int MOST_NAME = 256;
    private static final int MOST_TYPES = 32;
    private static final int MOST_PARAM = 64;

    /**
     * Reads a body.
     *
     * @throws ApiException 400 that names the field
     */
    static EndpointWish read(byte[] body) {
        ObjectNode json = object(body, FIELDS);
        return new EndpointWish(
                text(json, "name", MOST_NAME),
                text(json, "url", AddressRule.MOST_CHARACTERS),
                types(json.path("event_types")),
                flag(json, "enabled"));
    }

    /**
     * Returns a body as an object of those fields; one without content is an empty object.
     *
     * @throws ApiException 400 that names a field that is none of them
     */
    static ObjectNode object(byte[] body, Set<String> known) {
        ObjectNode json = body.length == 0 ? Json.object() : parsed(body);
        for (String name : (Iterable<String>) json::fieldNames) {
            if (!known.contains(name)) {
                throw wrong(
                        "unknown_parameter",
                        "The body has only: %s.".formatted(String.join(", ", new TreeSet<>(known))),
                        name.length() > MOST_PARAM ? "" : name);
            }
        }
        return json;
    }

    private static ObjectNode parsed(byte[] body) {
        try {
            if (Json.parse(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (MalformedJsonException e) {
            throw wrong("invalid_json", String.valueOf(e.getMessage()), "");
        }
        throw wrong("invalid_json", "The body must be a JSON object.", "");
    }

    /** Returns a field that is true, false or absent. */
    static @Nullable Boolean flag(ObjectNode json, String name) {
        JsonNode node = json.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isBoolean()) {
            throw wrong("invalid_type", "%s must be true or false.".formatted(name), name);
        }
        return node.booleanValue();
    }

    private static @Nullable String text(ObjectNode json, String name, int most) {
        JsonNode node = json.path(name);
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isTextual() || node.asText().isEmpty() || node.asText().length() > most) {
            throw wrong(
                    "invalid_value",
                    "%s must be a text of 1 to %d characters.".formatted(name, most),
                    name);
        }
        return node.asText();
    }

    private static @Nullable List<String> types(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return null;
        }
        if (!node.isArray() || node.isEmpty() || node.size() > MOST_TYPES) {
            throw wrong(
                    "invalid_value",
                    "event_types must be a list of 1 to %d types.".formatted(MOST_TYPES),
                    "event_types");
        }
        Set<String> types = new LinkedHashSet<>();
        node.forEach(type -> types.add(type.isTextual() ? type.asText() : ""));
        WishCheck.types(List.copyOf(types), "event_types");
        return new ArrayList<>(types);
    }

    /** Returns what must be said. */
    static <T> T required(@Nullable T value, String name) {
        if (value == null) {
            throw wrong(
                    "missing_required_parameter",
                    "Missing required parameter: '%s'.".formatted(name),
                    name);
        }
        return value;
    }

    static ApiException wrong(String code, String message, String param) {
        return new ApiException(ApiError.invalid(code, message, param));
    }
}
