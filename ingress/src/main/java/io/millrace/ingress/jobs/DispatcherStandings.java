package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.avro.AttemptReport;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Asks the dispatcher that owns the tenant's slot where its jobs stand. Whoever does not answer
 * soon is left out: that a job stands nowhere is no error.
 */
final class DispatcherStandings implements Standings {

    private static final Duration PATIENCE = Duration.ofMillis(400);

    private final OwnerClient owners;

    DispatcherStandings(OwnerClient owners) {
        this.owners = owners;
    }

    @Override
    public Map<String, Standing> of(Collection<JobId> jobs, TenantId tenant) {
        if (jobs.isEmpty()) {
            return Map.of();
        }
        String ids = jobs.stream().map(JobId::value).collect(Collectors.joining(","));
        return owners.ask(tenant, "/internal/jobs/" + ids, PATIENCE)
                .map(DispatcherStandings::standings)
                .orElse(Map.of());
    }

    private static Map<String, Standing> standings(JsonNode said) {
        Map<String, Standing> standings = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : said.properties()) {
            standings.put(each.getKey(), standing(each.getValue()));
        }
        return standings;
    }

    private static Standing standing(JsonNode said) {
        List<AttemptReport> history = new ArrayList<>();
        said.path("history").forEach(attempt -> history.add(report(attempt)));
        return new Standing(
                said.path("attempts").asInt(),
                instant(said.path("started_at")),
                history,
                said.path("queue_position").asInt(),
                said.path("waiting_reason").asText(""));
    }

    private static AttemptReport report(JsonNode said) {
        JsonNode status = said.path("http_status");
        JsonNode error = said.path("error");
        return AttemptReport.newBuilder()
                .setNumber(said.path("number").asInt())
                .setProvider(said.path("provider").asText(""))
                .setModel(said.path("model").asText(""))
                .setStartedAt(Instant.ofEpochMilli(said.path("started_at").asLong()))
                .setEndedAt(instant(said.path("ended_at")))
                .setOutcome(said.path("outcome").asText(""))
                .setHttpStatus(status.isInt() ? (Integer) status.asInt() : null)
                .setError(error.isTextual() ? error.asText() : null)
                .build();
    }

    private static @Nullable Instant instant(JsonNode millis) {
        return millis.isNumber() ? Instant.ofEpochMilli(millis.asLong()) : null;
    }
}
