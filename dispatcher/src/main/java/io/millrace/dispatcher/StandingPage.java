package io.millrace.dispatcher;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.dispatcher.execution.Execution;
import io.millrace.dispatcher.execution.Standing;
import io.millrace.schemas.avro.AttemptReport;
import io.millrace.servicekit.http.Json;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a dispatcher tells ingresses of jobs that have not ended; times are in milliseconds. */
record StandingPage(Execution execution) {

    private static final int MOST = 100;

    /** Returns where jobs stand that are in this process, by their ids, which commas separate. */
    Optional<JsonNode> json(String jobIds) {
        ObjectNode pages = Json.object();
        Arrays.stream(jobIds.split(",", MOST))
                .forEach(id -> execution.standing(id).ifPresent(at -> pages.set(id, page(at))));
        return Optional.of(pages);
    }

    private static JsonNode page(Standing standing) {
        ObjectNode page = Json.object();
        page.put("attempts", standing.attempts());
        put(page, "started_at", standing.startedAt().orElse(null));
        standing.place()
                .ifPresent(place -> {
                    page.put("queue_position", place.position());
                    page.put("waiting_reason", place.reason().word());
                });
        ArrayNode history = page.putArray("history");
        standing.history().forEach(attempt -> add(history, attempt));
        return page;
    }

    private static void add(ArrayNode history, AttemptReport attempt) {
        ObjectNode entry = history.addObject();
        entry.put("number", attempt.getNumber());
        entry.put("provider", attempt.getProvider());
        entry.put("model", attempt.getModel());
        put(entry, "started_at", attempt.getStartedAt());
        put(entry, "ended_at", attempt.getEndedAt());
        entry.put("outcome", attempt.getOutcome());
        entry.put("http_status", attempt.getHttpStatus());
        entry.put("error", attempt.getError());
    }

    private static void put(ObjectNode page, String field, @Nullable Instant at) {
        if (at != null) {
            page.put(field, at.toEpochMilli());
        }
    }
}
