package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.topic.Topic;
import io.millrace.simulatedprovider.ledger.Call;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a provider lets wait for long waits in the log, whoever dies meanwhile. */
@Timeout(300)
final class RetriesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration ASKED = Duration.ofSeconds(4);

    private final Cluster cluster;

    RetriesIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void jobThatWaitsInARetryTopicIsDoneOnceThoughItsDispatcherIsKilledAndEndsAtAWish() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        MillraceProcess dispatcher = cluster.begin("dispatcher", "dispatcher");
        cluster.ready(ingress, dispatcher);
        Api acme = cluster.api(ingress);

        // When
        String job = acme.submit("later", "x").id();
        String regretted = acme.submit("outage", "y").id();
        Await.until(
                "a job in retries.5s", PATIENCE, () -> cluster.topics().holds(Topic.RETRIES_5S));
        Await.until(
                "one in retries.30s", PATIENCE, () -> cluster.topics().holds(Topic.RETRIES_30S));
        dispatcher.kill();
        cluster.begin("dispatcher", "dispatcher").ready();
        cluster.topics()
                .cancel(
                        Cluster.SLOTS,
                        new Cancel(
                                regretted,
                                "acme",
                                "cancelled",
                                Instant.parse("2026-01-01T00:00:00Z")));

        // Then
        Await.until("the end of what was cancelled", SOON, () -> result(regretted).isPresent());
        Await.until("the end", PATIENCE, () -> result(job).isPresent());
        assertThat(result(job))
                .get()
                .returns(JobStatus.COMPLETED, InferenceResult::getStatus)
                .returns(3, InferenceResult::getAttempts);
        assertThat(result(regretted))
                .get()
                .returns(JobStatus.CANCELLED, InferenceResult::getStatus);
        Ledgers.assertEachHasOneResultAndOneBill(cluster.topics(), List.of(job, regretted));
        List<Instant> starts = starts(job);
        assertThat(starts).hasSize(3);
        for (int i = 1; i < starts.size(); i++) {
            assertThat(Duration.between(starts.get(i - 1), starts.get(i)))
                    .isGreaterThanOrEqualTo(ASKED);
        }
        assertThat(starts(regretted)).hasSize(1);
    }

    private List<Instant> starts(String job) {
        return cluster.calls().stream()
                .map(Call::started)
                .filter(call -> call.job().equals(job))
                .map(call -> call.at())
                .sorted()
                .toList();
    }

    private Optional<InferenceResult> result(String job) {
        return cluster.topics().results().stream()
                .filter(result -> result.getJobId().equals(job))
                .findFirst();
    }
}
