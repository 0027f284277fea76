package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.UsageRecord;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Wishes that come more than once, at two ingresses, of which one dies and comes back. */
@Timeout(300)
final class IdempotencyIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int AT_ONCE = 50;
    private static final int KEYS = 16;

    private static final Set<String> ALL = ConcurrentHashMap.newKeySet();

    @TempDir private static Path folder;
    private static Cluster cluster;
    private static MillraceProcess second;
    private static Api one;
    private static Api other;

    @BeforeAll
    static void start() {
        cluster = Cluster.start(folder);
        MillraceProcess first = cluster.begin("ingress", "ingress-1");
        second = cluster.begin("ingress", "ingress-2");
        cluster.ready(first, second, cluster.begin("dispatcher", "dispatcher"));
        one = cluster.api(first);
        other = cluster.api(second);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    void fiftyWishesOfOneKeyAtTwoIngressesAreOneJobAndOneCall() throws Exception {
        // When
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            for (int i = 0; i < AT_ONCE; i++) {
                Api api = i % 2 == 0 ? one : other;
                // quoted and bare are the same key
                String key = i % 3 == 0 ? "\"order-7\"" : "order-7";
                answers.add(threads.submit(() -> submitted(api, key, "x")));
            }
        }
        Set<String> jobs = new HashSet<>();
        for (Future<String> answer : answers) {
            jobs.add(answer.get());
        }

        // Then
        assertThat(jobs).hasSize(1);
        String job = jobs.iterator().next();
        assertThat(one.job(job).path("status").asText()).isEqualTo("completed");
        for (Api api : List.of(one, other)) {
            Api.Answer later = api.submitKeyed("order-7", "fast", "x");
            assertThat(later.status()).isEqualTo(202);
            assertThat(later.id()).isEqualTo(job);
            assertThat(later.json().path("status").asText()).isEqualTo("completed");
            Api.Answer otherWish = api.submitKeyed("order-7", "fast", "y");
            assertThat(otherWish.status()).isEqualTo(422);
            assertThat(otherWish.errorCode()).isEqualTo("idempotency_key_reused");
            assertThat(api.submitKeyed("no key", "fast", "x").status()).isEqualTo(400);
        }
        Api umbra = one.with(Cluster.OTHER_KEY);
        String theirs = submitted(umbra, "order-7", "x");
        assertThat(umbra.job(theirs).path("status").asText()).isEqualTo("completed");
        assertThat(theirs).isNotEqualTo(job);
        assertOnce(Set.of(job, theirs));

        // When
        assertThat(other.delete("/v1/jobs/" + job).status()).isEqualTo(200);

        // Then
        assertThat(one.get("/v1/jobs/" + job).status()).isEqualTo(404);
        assertThat(one.submitKeyed("order-7", "fast", "x").status()).isEqualTo(404);
        assertThat(other.submitKeyed("order-7", "fast", "y").status()).isEqualTo(422);
        assertThat(cluster.calls()).hasSize(ALL.size());
    }

    @Test
    void aKeyIsOneJobThoughItsOwnerDiesWhileItComes() throws Exception {
        // Given
        Map<String, Set<String>> jobs = new ConcurrentHashMap<>();
        Api dying = other;
        AtomicInteger answered = new AtomicInteger();
        List<Future<?>> clients = new ArrayList<>();

        // When
        try (ExecutorService threads = Executors.newFixedThreadPool(2 * KEYS)) {
            for (int i = 0; i < KEYS; i++) {
                String key = "k" + i;
                clients.add(
                        threads.submit(() -> {
                            note(jobs, key, submitted(one, key, key));
                            answered.incrementAndGet();
                        }));
                clients.add(threads.submit(() -> untilItDies(dying, key, jobs)));
            }
            Await.until("some answers", SOON, () -> answered.get() > 2);
            second.kill();
        }
        for (Future<?> client : clients) {
            client.get();
        }
        second = cluster.begin("ingress", "ingress-2").ready();
        other = cluster.api(second);
        for (int i = 0; i < KEYS; i++) {
            String key = "k" + i;
            note(jobs, key, submitted(i % 2 == 0 ? one : other, key, key));
            note(jobs, key, submitted(i % 2 == 0 ? other : one, key, key));
        }

        // Then
        assertThat(jobs).hasSize(KEYS).allSatisfy((_, ids) -> assertThat(ids).hasSize(1));
        Set<String> all = new HashSet<>();
        jobs.values().forEach(all::addAll);
        assertThat(all).hasSize(KEYS);
        for (String job : all) {
            assertThat(one.job(job).path("status").asText()).isEqualTo("completed");
        }
        assertOnce(all);
    }

    @Test
    void uploadsAndBatchesOfOneKeyAtTwoIngressesAreOneFileAndOneBatch() throws Exception {
        // Given
        String line =
                "{\"custom_id\": \"a\", \"method\": \"POST\", \"url\": \"/v1/chat/completions\", \"body\":"
                        + " {\"model\": \"fast\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}}\n";
        String wish =
                "{\"input_file_id\": \"%s\", \"endpoint\": \"/v1/chat/completions\","
                        + " \"completion_window\": \"%s\"}";

        // When
        String file = same(api -> api.uploadKeyed("night-1", line));
        String batch =
                same(api -> api.postKeyed("night-1", "/v1/batches", wish.formatted(file, "24h")));

        // Then
        assertThat(other.uploadKeyed("night-1", line + line).status()).isEqualTo(422);
        assertThat(
                        other.postKeyed("night-1", "/v1/batches", wish.formatted(file, "12h"))
                                .errorCode())
                .isEqualTo("idempotency_key_reused");
        assertThat(one.get("/v1/files?purpose=batch").json().path("data")).hasSize(1);
        assertThat(one.get("/v1/batches").json().path("data")).hasSize(1);
        Await.until(
                "the batch",
                SOON,
                () ->
                        one.get("/v1/batches/" + batch)
                                .json()
                                .path("status")
                                .asText()
                                .equals("completed"));
        assertOnce(Set.of(batch + "-1"));
    }

    /** Sends a wish many times at once to both ingresses and returns the one thing it became. */
    private static String same(Function<Api, Api.Answer> wish) throws Exception {
        List<Future<String>> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(KEYS)) {
            for (int i = 0; i < KEYS; i++) {
                Api api = i % 2 == 0 ? one : other;
                answers.add(threads.submit(() -> made(api, wish)));
            }
        }
        Set<String> ids = new HashSet<>();
        for (Future<String> answer : answers) {
            ids.add(answer.get());
        }
        assertThat(ids).hasSize(1);
        return ids.iterator().next();
    }

    private static String made(Api api, Function<Api, Api.Answer> wish) {
        String[] id = {""};
        Await.until(
                "what was wished",
                SOON,
                () -> {
                    Api.Answer answer = wish.apply(api);
                    if (answer.status() == 503) {
                        return false;
                    }
                    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
                    id[0] = answer.id();
                    return true;
                });
        return id[0];
    }

    /** All jobs of this test have ended, and no other but those of the tests before it. */
    private static void assertOnce(Set<String> jobs) {
        ALL.addAll(jobs);
        assertThat(cluster.topics().results())
                .extracting(InferenceResult::getJobId)
                .containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(cluster.topics().usage())
                .extracting(UsageRecord::getJobId)
                .containsExactlyInAnyOrderElementsOf(ALL);
        assertThat(cluster.calls()).hasSize(ALL.size());
    }

    private static void note(Map<String, Set<String>> jobs, String key, String job) {
        jobs.computeIfAbsent(key, _ -> ConcurrentHashMap.newKeySet()).add(job);
    }

    /** Sends a wish as clients do that obey Retry-After, and returns the job that it became. */
    private static String submitted(Api api, String key, String prompt) {
        String[] job = {""};
        Await.until(
                "an answer to " + key,
                SOON,
                () -> {
                    Api.Answer answer = api.submitKeyed(key, "fast", prompt);
                    if (answer.status() == 503) {
                        assertThat(answer.header("Retry-After")).isNotEmpty();
                        return false;
                    }
                    assertThat(answer.status()).as(answer.body()).isEqualTo(202);
                    job[0] = answer.id();
                    return true;
                });
        return job[0];
    }

    private static void untilItDies(Api api, String key, Map<String, Set<String>> jobs) {
        try {
            while (!Thread.currentThread().isInterrupted()) {
                Api.Answer answer = api.submitKeyed(key, "fast", key);
                if (answer.status() == 202) {
                    note(jobs, key, answer.id());
                }
            }
        } catch (UncheckedIOException _) {
            // killed
        }
    }
}
