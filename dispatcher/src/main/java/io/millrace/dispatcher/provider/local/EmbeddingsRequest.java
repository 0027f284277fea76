package io.millrace.dispatcher.provider.local;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import java.util.ArrayList;
import java.util.List;

/**
 * What a client asks of {@code /v1/embeddings}.
 *
 * @param inputs 1 to 2,048 texts, none empty
 * @param isBase64 whether vectors are wanted as base64 of little-endian float32
 */
record EmbeddingsRequest(List<String> inputs, boolean isBase64) {

    static final int MOST_TOKENS = 8_192;

    private static final int MOST_INPUTS = 2_048;
    private static final int MOST_CHARACTERS = 32 * MOST_TOKENS;

    EmbeddingsRequest {
        inputs = List.copyOf(inputs);
    }

    /** Reads a body; an unknown member is ignored. */
    static EmbeddingsRequest read(byte[] body) throws InvalidException {
        JsonNode json = parse(body);
        JsonNode dimensions = json.path("dimensions");
        if (isGiven(dimensions)
                && !(dimensions.isInt() && dimensions.intValue() == MiniLm.DIMENSIONS)) {
            throw new InvalidException(
                    "dimensions", "dimensions must be %d".formatted(MiniLm.DIMENSIONS));
        }
        return new EmbeddingsRequest(inputs(json.path("input")), isBase64(json));
    }

    private static JsonNode parse(byte[] body) throws InvalidException {
        try {
            JsonNode json = Json.parse(body);
            if (json.isObject()) {
                return json;
            }
        } catch (MalformedJsonException e) {
            throw new InvalidException("body", "the body is no JSON");
        }
        throw new InvalidException("body", "the body must be a JSON object");
    }

    private static boolean isBase64(JsonNode json) throws InvalidException {
        JsonNode format = json.path("encoding_format");
        String name = isGiven(format) ? format.asText() : "float";
        return switch (name) {
            case "float" -> false;
            case "base64" -> true;
            default ->
                    throw new InvalidException(
                            "encoding_format", "encoding_format must be 'float' or 'base64'");
        };
    }

    private static List<String> inputs(JsonNode input) throws InvalidException {
        if (input.isTextual()) {
            return List.of(text(input));
        }
        if (!input.isArray() || input.isEmpty() || input.size() > MOST_INPUTS) {
            throw new InvalidException(
                    "input",
                    "input must be a text or a list of 1 to %d texts".formatted(MOST_INPUTS));
        }
        List<String> texts = new ArrayList<>(input.size());
        for (JsonNode item : input) {
            texts.add(text(item));
        }
        return texts;
    }

    private static String text(JsonNode item) throws InvalidException {
        if (item.isNumber() || item.isArray()) {
            throw new InvalidException(
                    "input",
                    "this model takes texts, not token numbers: they belong to another vocabulary");
        }
        if (!item.isTextual()) {
            throw new InvalidException("input", "input must hold texts");
        }
        String text = item.textValue();
        if (text.isEmpty()) {
            throw new InvalidException("input", "input must not be empty");
        }
        if (text.length() > MOST_CHARACTERS) {
            throw tooLong();
        }
        return text;
    }

    static InvalidException tooLong() {
        return new InvalidException(
                "input", "an input must have at most %d tokens".formatted(MOST_TOKENS));
    }

    private static boolean isGiven(JsonNode node) {
        return !node.isMissingNode() && !node.isNull();
    }

    /** A request that nobody can answer; the message may be shown to the client. */
    static final class InvalidException extends Exception {

        private static final long serialVersionUID = 1L;

        private final String param;

        InvalidException(String param, String message) {
            super(message, null, false, false);
            this.param = param;
        }

        String param() {
            return param;
        }

        ProviderError error() {
            return new ProviderError(
                    "invalid_value", String.valueOf(getMessage()), "invalid_request_error");
        }
    }
}
