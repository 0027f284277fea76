package io.millrace.standalone.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;

/** What a line of a batch was answered. */
sealed interface Answer {

    /**
     * A result.
     *
     * @param suffix of the file that it is written to
     */
    record Result(String suffix, String content) implements Answer {}

    /** Why there is none. */
    record None(String reason) implements Answer {}

    /** Reads a line of a batch's output or errors. */
    static Answer of(JsonNode line) {
        JsonNode response = line.path("response");
        JsonNode body = response.path("body");
        if (response.path("status_code").asInt() != 200) {
            String message = body.path("error").path("message").asText();
            return new None(
                    message.isBlank() ? line.path("error").path("message").asText() : message);
        }
        JsonNode text = body.path("choices").path(0).path("message").path("content");
        if (text.isTextual()) {
            return new Result(".txt", text.textValue() + "\n");
        }
        JsonNode embedding = body.path("data").path(0).path("embedding");
        if (embedding.isArray()) {
            ObjectNode json = Json.object();
            json.set("model", body.path("model"));
            json.set("embedding", embedding);
            return new Result(".json", json + "\n");
        }
        return new None("an answer without text");
    }
}
