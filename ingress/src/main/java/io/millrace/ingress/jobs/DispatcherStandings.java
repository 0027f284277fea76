package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.avro.AttemptReport;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the dispatcher that owns the tenant's slot, and no other, over its inner route. Whoever does
 * not answer soon is left out: that a job stands nowhere is no error.
 */
final class DispatcherStandings implements Standings, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DispatcherStandings.class);
    private static final Duration PATIENCE = Duration.ofMillis(400);
    private static final Duration CONNECT = Duration.ofMillis(200);
    private static final int MOST_AT_ONCE = 64;

    private final IntFunction<Optional<URI>> owners;
    private final Slots slots;
    private final InternalCredential credential;
    private final Semaphore free = new Semaphore(MOST_AT_ONCE);
    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .connectTimeout(CONNECT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();

    /**
     * Asks those owners.
     *
     * @param owners tells where the owner of a slot is asked
     */
    DispatcherStandings(
            IntFunction<Optional<URI>> owners, Slots slots, InternalCredential credential) {
        this.owners = owners;
        this.slots = slots;
        this.credential = credential;
    }

    @Override
    public Map<String, Standing> of(Collection<JobId> jobs, TenantId tenant) {
        Optional<URI> owner = jobs.isEmpty() ? Optional.empty() : owners.apply(slots.of(tenant));
        if (owner.isEmpty() || !free.tryAcquire()) {
            return Map.of();
        }
        try {
            return ask(owner.get(), jobs);
        } finally {
            free.release();
        }
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    private Map<String, Standing> ask(URI owner, Collection<JobId> jobs) {
        String ids = jobs.stream().map(JobId::value).collect(Collectors.joining(","));
        HttpRequest request =
                HttpRequest.newBuilder(owner.resolve("/internal/jobs/" + ids))
                        .header(InternalCredential.HEADER, credential.value())
                        .timeout(PATIENCE)
                        .build();
        try {
            HttpResponse<byte[]> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofByteArray());
            return answer.statusCode() == 200 ? standings(answer.body()) : Map.of();
        } catch (IOException | MalformedJsonException e) {
            LOG.atDebug()
                    .addKeyValue("dispatcher", owner)
                    .setCause(e)
                    .log("dispatcher does not tell where jobs stand");
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    private static Map<String, Standing> standings(byte[] body) {
        Map<String, Standing> standings = new HashMap<>();
        for (Map.Entry<String, JsonNode> each : Json.parse(body).properties()) {
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
