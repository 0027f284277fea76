package io.millrace.ingress.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.BatchInputError;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks one line of a batch's input for what can be known without the others. Thread-safe.
 *
 * <p>The form of a line is OpenAI's: {@code {custom_id, method, url, body}}. Whether the model
 * exists is not asked here: an unknown one fails its line only, when the line is carried out.
 */
final class LineCheck {

    private static final int MAX_CUSTOM_ID = 512;
    private static final Set<String> FIELDS = Set.of("custom_id", "method", "url", "body");

    private final String endpoint;

    /**
     * Checks lines of a batch.
     *
     * @param endpoint the path that every line must name
     */
    LineCheck(String endpoint) {
        this.endpoint = endpoint;
    }

    /** Returns the line, or the first thing that is wrong with it. */
    CheckedLine check(RawLine raw) {
        return switch (raw) {
            case RawLine.TooLong(int number, long _) ->
                    broken(number, "line_too_long", "The line is larger than a body may be.", null);
            case RawLine.Text text -> parsed(text);
        };
    }

    private CheckedLine parsed(RawLine.Text raw) {
        JsonNode node;
        try {
            node = Json.parse(raw.text().array());
        } catch (MalformedJsonException _) {
            return broken(raw.number(), "invalid_json_line", "The line is no JSON object.", null);
        }
        if (!(node instanceof ObjectNode object)) {
            return broken(raw.number(), "invalid_json_line", "The line is no JSON object.", null);
        }
        return envelope(raw.number(), object)
                .or(() -> body(raw.number(), object.path("body")))
                .orElseGet(() ->
                        new CheckedLine.Sound(
                                new InputLine(
                                        raw.number(),
                                        object.path("custom_id").textValue(),
                                        object.path("body").path("model").textValue(),
                                        (ObjectNode) object.path("body"))));
    }

    private Optional<CheckedLine> envelope(int line, ObjectNode object) {
        for (String name : (Iterable<String>) object::fieldNames) {
            if (!FIELDS.contains(name)) {
                return found(line, "unknown_parameter", "A line has no field of this name.", name);
            }
        }
        String customId = object.path("custom_id").textValue();
        if (customId == null || customId.isEmpty()) {
            return missing(line, "custom_id");
        }
        if (customId.length() > MAX_CUSTOM_ID) {
            return found(
                    line,
                    "invalid_custom_id",
                    "custom_id may have at most %d characters.".formatted(MAX_CUSTOM_ID),
                    "custom_id");
        }
        if (!object.has("method")) {
            return missing(line, "method");
        }
        if (!"POST".equals(object.path("method").textValue())) {
            return found(line, "invalid_method", "method must be POST.", "method");
        }
        if (!object.has("url")) {
            return missing(line, "url");
        }
        if (!endpoint.equals(object.path("url").textValue())) {
            return found(
                    line,
                    "mismatched_url",
                    "url must be the endpoint of the batch, %s.".formatted(endpoint),
                    "url");
        }
        return Optional.empty();
    }

    private static Optional<CheckedLine> body(int line, JsonNode body) {
        if (body.isMissingNode()) {
            return missing(line, "body");
        }
        if (!body.isObject()) {
            return found(line, "invalid_body", "body must be a JSON object.", "body");
        }
        String model = body.path("model").textValue();
        if (model == null || model.isEmpty()) {
            return missing(line, "body.model");
        }
        JsonNode stream = body.path("stream");
        boolean streams = !stream.isMissingNode() && !stream.isNull() && !isFalse(stream);
        return streams
                ? found(
                        line,
                        "stream_not_supported",
                        "A line of a batch cannot be streamed.",
                        "body.stream")
                : Optional.empty();
    }

    private static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.booleanValue();
    }

    private static Optional<CheckedLine> missing(int line, String param) {
        return found(
                line,
                "missing_required_parameter",
                "%s is missing or no text.".formatted(param),
                param);
    }

    private static Optional<CheckedLine> found(
            int line, String code, String message, String param) {
        return Optional.of(broken(line, code, message, param));
    }

    private static CheckedLine broken(
            int line, String code, String message, @Nullable String param) {
        return new CheckedLine.Broken(new BatchInputError(code, message, line, param));
    }
}
