package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A batch as the API showed it last.
 *
 * @param json OpenAI's batch object
 */
public record Batch(JsonNode json) {

    private static final Set<String> ENDED = Set.of("completed", "failed", "expired", "cancelled");

    public Batch {
        if (json.path("id").asText().isBlank()) {
            throw new ApiException("the API answered a batch without an id");
        }
    }

    public String id() {
        return json.path("id").asText();
    }

    public String status() {
        return json.path("status").asText();
    }

    public boolean ended() {
        return ENDED.contains(status());
    }

    /** Returns whether all of it was carried out and nothing of it failed. */
    public boolean good() {
        return "completed".equals(status()) && count("failed") == 0;
    }

    /** Returns the file of lines that were answered with 200, once there is one. */
    public Optional<String> outputFile() {
        return Optional.ofNullable(json.path("output_file_id").textValue());
    }

    /** Returns the file of the other lines, once there is one. */
    public Optional<String> errorFile() {
        return Optional.ofNullable(json.path("error_file_id").textValue());
    }

    /** Returns what is wrong with the input of a batch that failed, a line each. */
    public List<String> errors() {
        return json.path("errors").path("data").valueStream().map(Batch::error).toList();
    }

    public Progress progress(String unit, Duration elapsed) {
        return new Progress(
                unit, status(), count("total"), count("completed"), count("failed"), elapsed);
    }

    /** Returns status and counts in one line. */
    public String line() {
        return "batch %s %s: %d lines, %d done, %d failed"
                .formatted(id(), status(), count("total"), count("completed"), count("failed"));
    }

    /** Returns whether it was made by that submission. */
    boolean isOf(String submission) {
        return submission.equals(json.path("metadata").path(Batches.SUBMISSION).asText());
    }

    private int count(String name) {
        return json.path("request_counts").path(name).asInt();
    }

    private static String error(JsonNode error) {
        String place = error.hasNonNull("line") ? "line " + error.path("line").asText() + ": " : "";
        return place + error.path("message").asText();
    }
}
