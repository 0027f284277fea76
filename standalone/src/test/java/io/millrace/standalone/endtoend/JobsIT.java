package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.avro.InferenceResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs over HTTP at two ingresses, of which one dies and comes back. */
@Timeout(300)
final class JobsIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MANY = 6;
    private static final int BEYOND_MEMORY = 1_300; // more than a lane's reader keeps
    private static final int BACKLOG = BEYOND_MEMORY + 200; // some never leave their slot

    @TempDir private Path folder;
    private Cluster cluster;
    private MillraceProcess second;
    private MillraceProcess dispatcher;
    private Api one;
    private Api other;

    @BeforeEach
    void start() {
        cluster = Cluster.start(folder);
        MillraceProcess first = cluster.begin("ingress", "ingress-1");
        second = cluster.begin("ingress", "ingress-2");
        dispatcher = cluster.begin("dispatcher", "dispatcher");
        cluster.ready(first, second, dispatcher);
        one = cluster.api(first);
        other = cluster.api(second);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void jobIsCancelledBeforeDuringAndAfterItsCall() {
        // Given
        Api narrow = one.with(Cluster.NARROW_KEY);
        Api otherNarrow = other.with(Cluster.NARROW_KEY);
        String running = narrow.submit("long", "running").id();
        Await.until("the call", SOON, () -> !cluster.calls().isEmpty());
        String waiting = otherNarrow.submit("fast", "waiting").id();

        // When
        Api.Answer before = narrow.cancel(waiting);
        Api.Answer during = otherNarrow.cancel(running);
        String ended = one.submit("fast", "ended").id();
        assertThat(status(one.job(ended))).isEqualTo("completed");
        Api.Answer after = other.cancel(ended);

        // Then
        assertThat(before.status()).isEqualTo(200);
        assertThat(during.status()).isEqualTo(200);
        for (Api api : List.of(narrow, otherNarrow)) {
            assertThat(status(api.job(waiting))).isEqualTo("cancelled");
            assertThat(status(api.job(running))).isEqualTo("cancelled");
            assertThat(api.get("/v1/jobs/" + running + "/result").status()).isEqualTo(410);
            assertThat(api.cancel(running).status()).isEqualTo(200);
        }
        assertThat(after.status()).isEqualTo(400);
        assertThat(after.errorCode()).isEqualTo("job_finished");
        assertThat(other.cancel(waiting).body())
                .isEqualTo(other.cancel("job_00" + "0".repeat(26)).body());
        assertThat(cluster.topics().results())
                .extracting(InferenceResult::getJobId)
                .containsExactlyInAnyOrder(waiting, running, ended);
        assertThat(cluster.topics().usage()).hasSize(3);
        assertThat(cluster.calls()).hasSize(2);
    }

    @Test
    void cancelReachesAJobWhoseDispatcherIsAway() {
        // Given
        dispatcher.kill();
        String job = one.submit("long", "x").id();

        // When
        Api.Answer answer = other.cancel(job);
        cluster.begin("dispatcher", "dispatcher").ready();

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(status(one.job(job))).isEqualTo("cancelled");
        assertThat(cluster.calls()).isEmpty();
    }

    @Test
    void jobExpiresInTimeInEveryState() {
        // Given
        Api narrow = one.with(Cluster.NARROW_KEY);

        // When
        String inFlight = narrow.submit("long", "in flight", "3s").id();
        List<String> waiting = new ArrayList<>();
        for (int i = 0; i < 100; i++) { // more than the look-ahead holds
            waiting.add(other.with(Cluster.NARROW_KEY).submit("fast", "w" + i, "2s").id());
        }

        // Then
        for (String job : waiting) {
            JsonNode late = narrow.job(job);
            assertThat(status(late)).as(late.toString()).isIn("expired", "completed");
        }
        JsonNode ended = narrow.job(inFlight);
        assertThat(status(ended)).isEqualTo("expired");
        assertThat(ended.path("completed_at").asLong() - ended.path("created_at").asLong())
                .isBetween(2L, 5L);
        assertThat(one.submit("fast", "x", "0s").body()).contains("completion_window");
    }

    @Test
    void jobEndsInTimeThatLiesUnreadInItsTenantsLane() throws Exception {
        // Given
        Api narrow = one.with(Cluster.NARROW_KEY);
        List<Future<String>> backlog = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            for (int i = 0; i < BACKLOG; i++) {
                backlog.add(threads.submit(() -> narrow.submit("long", "backlog").id()));
            }
        }
        for (Future<String> job : backlog) {
            assertThat(job.get()).startsWith("job_");
        }
        Await.until(
                "the lane",
                Duration.ofMinutes(1),
                () -> cluster.topics().end("lanes.narrow.wait") > BEYOND_MEMORY);

        // When
        String expiring = narrow.submit("fast", "expiring", "4s").id();
        String unwanted = narrow.submit("fast", "unwanted").id();
        assertThat(narrow.cancel(unwanted).status()).isEqualTo(200);

        // Then
        assertThat(status(other.with(Cluster.NARROW_KEY).job(unwanted))).isEqualTo("cancelled");
        assertThat(status(narrow.job(expiring))).isEqualTo("expired");
    }

    @Test
    void deletedJobIsGoneEverywhereAtOnceAndStaysSoWhenAnIngressComesBack() {
        // Given
        List<String> jobs = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            jobs.add((i % 2 == 0 ? one : other).submit("fast", "d" + i).id());
        }
        jobs.forEach(job -> assertThat(status(one.job(job))).isEqualTo("completed"));
        String kept = one.submit("fast", "kept").id();
        assertThat(status(other.job(kept))).isEqualTo("completed");
        String running = one.submit("slow", "running").id();
        assertThat(other.delete("/v1/jobs/" + running).errorCode()).isEqualTo("job_not_finished");

        // When
        for (int i = 0; i < MANY; i++) {
            String path = "/v1/jobs/" + jobs.get(i);
            assertThat((i % 3 == 0 ? one : other).delete(path).status()).isEqualTo(200);
            assertGone(one, jobs.get(i));
            assertGone(other, jobs.get(i));
        }
        second.kill();
        MillraceProcess again = cluster.begin("ingress", "ingress-2").ready();

        // Then
        for (Api api : List.of(one, cluster.api(again))) {
            Await.until("the view", SOON, () -> api.get("/v1/jobs").status() == 200);
            jobs.forEach(job -> assertGone(api, job));
            assertThat(status(api.job(kept))).isEqualTo("completed");
            assertThat(api.get("/v1/jobs?status=completed").body()).contains(kept);
        }
    }

    @Test
    void jobTellsWhereItStandsWhoeverIsAskedAndAfterADispatcherHasDied() {
        // Given
        Api narrow = one.with(Cluster.NARROW_KEY);
        Api otherNarrow = other.with(Cluster.NARROW_KEY);
        String running = narrow.submit("long", "running").id();
        Await.until("the call", SOON, () -> !cluster.calls().isEmpty());
        String waiting = narrow.submit("fast", "waiting").id();

        // Then
        for (Api api : List.of(narrow, otherNarrow)) {
            Await.until("a start", SOON, () -> status(api, running).equals("in_progress"));
            JsonNode job = api.get("/v1/jobs/" + running).json();
            assertThat(job.path("started_at").asLong()).isPositive();
            assertThat(job.at("/attempt_history/0/outcome").asText()).isEqualTo("running");
            JsonNode behind = api.get("/v1/jobs/" + waiting).json();
            assertThat(status(behind)).isEqualTo("queued");
            assertThat(behind.path("queue_position").asInt()).isEqualTo(1);
            assertThat(behind.path("waiting_reason").asText()).isEqualTo("tenant_concurrency");
            assertThat(api.get("/v1/jobs?status=in_progress").body())
                    .contains(running)
                    .doesNotContain(waiting);
        }

        // When
        dispatcher.kill();
        assertThat(status(narrow, running)).isEqualTo("queued");
        cluster.begin("dispatcher", "dispatcher-2").ready();

        // Then
        JsonNode ended = otherNarrow.job(running);
        assertThat(status(ended)).isEqualTo("completed");
        assertThat(ended.path("attempts").asInt()).isEqualTo(2);
        assertThat(ended.at("/attempt_history/0/outcome").asText()).isEqualTo("unknown");
        assertThat(ended.at("/attempt_history/1/outcome").asText()).isEqualTo("completed");
        assertThat(narrow.get("/v1/jobs/" + running + "/events").body())
                .containsSubsequence(
                        "event: job.queued",
                        "event: job.started",
                        "event: job.retrying",
                        "event: job.completed");
    }

    @Test
    void eventsComeWhileTheJobRunsAndEndWithIt() {
        // Given
        String job = one.submit("slow", "x").id();

        // When
        String events = other.get("/v1/jobs/" + job + "/events").body();

        // Then
        assertThat(events)
                .containsSubsequence(
                        "event: job.queued",
                        "event: job.started",
                        "\"status\":\"in_progress\"",
                        "event: job.completed",
                        "\"status\":\"completed\"")
                .doesNotContain("job.retrying");
    }

    private static String status(Api api, String job) {
        return status(api.get("/v1/jobs/" + job).json());
    }

    /** Also while its partition is on its way from one ingress to the other. */
    private static void assertGone(Api api, String job) {
        Await.until("an answer", SOON, () -> api.get("/v1/jobs/" + job).status() != 503);
        Api.Answer answer = api.get("/v1/jobs/" + job);
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo(api.get("/v1/jobs/job_00" + "0".repeat(26)).body());
        assertThat(api.get("/v1/jobs").body()).doesNotContain(job);
        assertThat(api.delete("/v1/jobs/" + job).status()).isEqualTo(404);
    }

    private static String status(JsonNode job) {
        return job.path("status").asText();
    }
}
