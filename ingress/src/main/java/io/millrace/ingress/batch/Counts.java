package io.millrace.ingress.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.BatchState;
import io.millrace.servicekit.http.Json;

/**
 * How many lines of a batch have ended.
 *
 * @param completed well
 * @param failed otherwise
 */
record Counts(int completed, int failed) {

    /** Returns the counts as they were when the state was recorded. */
    static Counts recorded(BatchState batch) {
        return new Counts(batch.getCompletedLines(), batch.getFailedLines());
    }

    /** Returns the counts of a progress. */
    static Counts of(Progress progress) {
        return new Counts(progress.completed(), progress.notCompleted());
    }

    /** Returns the counts that another ingress sent. */
    static Counts read(byte[] json) {
        JsonNode node = Json.parse(json);
        return new Counts(node.path("completed").intValue(), node.path("failed").intValue());
    }

    ObjectNode json() {
        ObjectNode json = Json.object();
        json.put("completed", completed);
        json.put("failed", failed);
        return json;
    }
}
