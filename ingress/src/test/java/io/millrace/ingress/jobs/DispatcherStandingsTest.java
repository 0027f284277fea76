package io.millrace.ingress.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.millrace.schemas.avro.DispatcherAnnounced;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.HttpDefaults;
import io.millrace.servicekit.http.InternalCredential;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DispatcherStandingsTest {

    private static final InternalCredential CREDENTIAL =
            InternalCredential.of("0123456789".repeat(4));
    private static final TenantId ACME = new TenantId("acme");
    private static final JobId JOB = new JobId(Samples.job(1));
    private static final String SAID =
            """
            {"%s": {"attempts": 2, "started_at": 1000, "queue_position": 4,
             "waiting_reason": "pause", "history": [
             {"number": 1, "provider": "p", "model": "x", "started_at": 1000, "ended_at": 2000,
              "outcome": "retryable", "http_status": 503, "error": "overloaded"},
             {"number": 2, "provider": "p", "model": "x", "started_at": 3000, "outcome": "running",
              "http_status": null, "error": null}]}}
            """
                    .formatted(JOB);

    private final WebServer server =
            HttpDefaults.server("127.0.0.1", 0)
                    .routing(
                            HttpRouting.builder()
                                    .get(
                                            "/internal/jobs/{id}",
                                            (request, answer) -> {
                                                boolean ours =
                                                        request.headers()
                                                                .first(
                                                                        HeaderNames.create(
                                                                                InternalCredential
                                                                                        .HEADER))
                                                                .filter(CREDENTIAL::matches)
                                                                .isPresent();
                                                answer.status(
                                                                ours
                                                                        ? Status.OK_200
                                                                        : Status.NOT_FOUND_404)
                                                        .send(SAID);
                                            }))
                    .build()
                    .start();

    @AfterEach
    void close() {
        server.stop();
    }

    @Test
    void ownerOfTheTenantsSlotIsAskedAndBelieved() {
        Standing standing = asked("http://127.0.0.1:" + server.port());

        assertThat(standing.word()).isEqualTo("in_progress");
        assertThat(standing.startedAt()).isEqualTo(Instant.ofEpochMilli(1000));
        assertThat(standing.attempts()).isEqualTo(2);
        assertThat(standing.position()).isEqualTo(4);
        assertThat(standing.reason()).isEqualTo("pause");
        assertThat(standing.history()).hasSize(2);
        assertThat(standing.history().getFirst().getHttpStatus()).isEqualTo(503);
        assertThat(standing.history().getFirst().getError()).isEqualTo("overloaded");
        assertThat(standing.history().getLast().getEndedAt()).isNull();
    }

    @Test
    void nobodyAnsweringIsNoError() {
        int port = server.port();
        server.stop();

        assertThat(asked("http://127.0.0.1:" + port)).isEqualTo(Standing.UNKNOWN);
        assertThat(asked("")).isEqualTo(Standing.UNKNOWN);
    }

    @Test
    void whoClaimedASlotLastIsTakenForItsOwner() {
        Instant then = Samples.NOW;
        DispatcherAnnounced one = new DispatcherAnnounced("one", "http://one", List.of(1, 2), then);
        DispatcherAnnounced two =
                new DispatcherAnnounced("two", "http://two", List.of(2, 3), then.plusMillis(1));

        assertThat(SlotOwners.owners(Map.of("one", one, "two", two)))
                .containsExactlyInAnyOrderEntriesOf(Map.of(1, one, 2, two, 3, two));
    }

    private static Standing asked(String owner) {
        try (OwnerClient client =
                new OwnerClient(
                        slot ->
                                owner.isEmpty() || slot != new Slots(16).of(ACME)
                                        ? Optional.empty()
                                        : Optional.of(URI.create(owner)),
                        new Slots(16),
                        CREDENTIAL)) {
            long begin = System.nanoTime();
            Standing standing = new DispatcherStandings(client).of(JOB, ACME);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofSeconds(10));
            return standing;
        }
    }
}
