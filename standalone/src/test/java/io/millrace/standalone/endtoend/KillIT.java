package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.avro.InferenceResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What signal 9 must not do: lose a job, end one twice, or call a provider without a reason. */
@Timeout(300)
final class KillIT {

    private static final Duration RESUMED = Duration.ofSeconds(10);

    private final Cluster cluster;

    KillIT(@TempDir Path folder) {
        this.cluster = Cluster.start(folder);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void workOfAKilledDispatcherIsResumedByAnother() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        MillraceProcess victim = cluster.begin("dispatcher", "dispatcher-1");
        cluster.ready(ingress, victim);
        Api acme = cluster.api(ingress);
        Api umbra = acme.with(Cluster.OTHER_KEY);
        MillraceProcess heir = cluster.begin("dispatcher", "dispatcher-2").ready();
        assertThat(umbra.job(umbra.submit("fast", "warm").id()).path("status").asText())
                .isEqualTo("completed");
        // When
        List<String> jobs =
                IntStream.range(0, 100).mapToObj(i -> acme.submit("slow", "s" + i).id()).toList();
        Await.until("calls in flight", RESUMED, () -> callsOf(jobs) >= jobs.size() / 2);
        MillraceProcess killed = cluster.inFlight("dispatcher-1") > 0 ? victim : heir;
        killed.kill();
        long calls = callsOf(jobs);
        // Then
        Await.until("a call after the kill", RESUMED, () -> callsOf(jobs) > calls);
        Await.until(
                "all results", Duration.ofSeconds(60), () -> endedOf(jobs).size() == jobs.size());
        Ledgers.assertEachEndedOnce(cluster.topics(), jobs);
        Ledgers.assertExtraCallsExplained(cluster.topics(), cluster.calls());
        assertThat(cluster.topics().waste()).as("calls of unknown outcome").isNotEmpty();
    }

    @Test
    void batchSurvivesTheDeathOfIngressAndDispatcherInItsMiddle() {
        // Given
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        MillraceProcess dispatcher = cluster.begin("dispatcher", "dispatcher");
        cluster.ready(ingress, dispatcher);
        Api api = cluster.api(ingress);
        int lines = 2_000;
        // When
        String id = api.batch(api.upload(PathIT.lines(lines, "busy")));
        Await.until(
                "a part of the batch done",
                Duration.ofSeconds(30),
                () -> completed(api.get("/v1/batches/" + id).json()) > lines / 20);
        ingress.kill();
        dispatcher.kill();
        MillraceProcess again = cluster.begin("ingress", "ingress");
        cluster.ready(again, cluster.begin("dispatcher", "dispatcher"));
        // Then
        Api after = cluster.api(again);
        Await.until(
                "batch completed",
                Duration.ofSeconds(90),
                () ->
                        after.get("/v1/batches/" + id)
                                .json()
                                .path("status")
                                .asText()
                                .equals("completed"));
        JsonNode batch = after.get("/v1/batches/" + id).json();
        assertThat(completed(batch)).as(batch.toString()).isEqualTo(lines);
        Ledgers.assertEachEndedOnce(
                cluster.topics(),
                IntStream.rangeClosed(1, lines).mapToObj(n -> id + "-" + n).toList());
        Ledgers.assertExtraCallsExplained(cluster.topics(), cluster.calls());
    }

    private static int completed(JsonNode batch) {
        return batch.path("request_counts").path("completed").asInt();
    }

    private long callsOf(List<String> jobs) {
        Set<String> wanted = new HashSet<>(jobs);
        return cluster.calls().stream()
                .filter(call -> wanted.contains(call.started().job()))
                .count();
    }

    private Set<String> endedOf(List<String> jobs) {
        Set<String> wanted = new HashSet<>(jobs);
        return cluster.topics().results().stream()
                .map(InferenceResult::getJobId)
                .filter(wanted::contains)
                .collect(Collectors.toSet());
    }
}
