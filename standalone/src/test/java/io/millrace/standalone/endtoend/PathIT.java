package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.http.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two ingresses, two dispatchers and an aggregator, each a process of its own, and a provider that
 * is called by TLS.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
final class PathIT {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int SLOTS = 8;

    private final Cluster cluster;
    private List<Api> ingresses = List.of();

    PathIT(@TempDir Path folder) {
        this.cluster = Cluster.startSecure(folder);
    }

    @BeforeAll
    void startServices() {
        MillraceProcess first = cluster.begin("ingress", "ingress-1");
        MillraceProcess second = cluster.begin("ingress", "ingress-2");
        cluster.ready(
                first,
                second,
                cluster.begin("dispatcher", "dispatcher-1"),
                cluster.begin("dispatcher", "dispatcher-2"),
                cluster.begin("usage-aggregator", "aggregator"));
        ingresses = List.of(cluster.api(first), cluster.api(second));
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void jobIsReadAtAnyIngressAndBilledOnce() {
        // Given
        Api here = ingresses.getFirst();
        Api there = ingresses.getLast();
        // When
        String id = here.submit("fast", "hello").id();
        JsonNode job = there.job(id);
        // Then
        assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("completed");
        assertThat(job.path("attempts").asInt()).isEqualTo(1);
        assertThat(there.get("/v1/jobs/" + id + "/result").json().path("choices")).hasSize(1);
        assertThat(job.path("cost").path("value").decimalValue()).isPositive();
        Ledgers.assertEachEndedOnce(cluster.topics(), List.of(id));
    }

    @Test
    void retryableAnswerIsTriedAgain() {
        // When
        String id = ingresses.getFirst().submit("shaky", "again").id();
        JsonNode job = ingresses.getFirst().job(id);
        // Then
        assertThat(job.path("status").asText()).as(job.toString()).isEqualTo("completed");
        assertThat(job.path("attempts").asInt()).isEqualTo(2);
    }

    @Test
    void usageOfATenantIsTheSumOfItsJobs() {
        // Given
        Api umbra = ingresses.getFirst().with(Cluster.OTHER_KEY);
        // When
        List<String> jobs =
                IntStream.range(0, 20).mapToObj(i -> umbra.submit("fast", "n" + i).id()).toList();
        List<JsonNode> ended = jobs.stream().map(umbra::job).toList();
        // Then
        long tokens =
                ended.stream().mapToLong(j -> j.path("usage").path("input_tokens").asLong()).sum();
        String query =
                "?start_time=%d&bucket_width=1d"
                        .formatted(Instant.now().minus(Duration.ofHours(1)).getEpochSecond());
        Await.until(
                "usage of 20 requests",
                SOON,
                () -> {
                    JsonNode page = umbra.get("/v1/organization/usage/completions" + query).json();
                    return sum(page, "num_model_requests") == 20
                            && sum(page, "input_tokens") == tokens;
                });
    }

    @Test
    void batchOfManyLinesEndsWithEachLineOnce() {
        // Given
        Api api = ingresses.getLast();
        int lines = 1_200;
        // When
        String id = api.batch(api.upload(lines(lines, "fast")));
        Await.until(
                "batch completed",
                Duration.ofSeconds(60),
                () -> batch(api, id).path("status").asText().equals("completed"));
        // Then
        JsonNode batch = batch(api, id);
        assertThat(batch.path("request_counts").path("completed").asInt()).isEqualTo(lines);
        assertThat(content(api, batch, "output_file_id").lines()).hasSize(lines);
        Ledgers.assertEachEndedOnce(
                cluster.topics(),
                IntStream.rangeClosed(1, lines).mapToObj(n -> id + "-" + n).toList());
    }

    @Test
    void linesThatFailedAreTriedInABatchOfTheirOwn() {
        // Given
        Api here = ingresses.getFirst();
        Api there = ingresses.getLast();
        String line =
                """
                {"custom_id": "%s", "body": {"model": "%1$s",
                 "messages": [{"role": "user", "content": "x"}]}}
                """;
        String first =
                here.post(
                                "/v1/batches",
                                """
                                {"endpoint": "/v1/chat/completions", "completion_window": "24h",
                                 "requests": [%s, %s]}
                                """
                                        .formatted(
                                                line.formatted("fast"), line.formatted("broken")))
                        .id();
        Await.until("the end", SOON, () -> batch(there, first).has("completed_at"));
        assertThat(content(there, batch(there, first), "output_file_id"))
                .contains("\"custom_id\":\"fast\"");
        // When
        String again = there.post("/v1/batches/" + first + "/retry", "").id();
        // Then
        Await.until("the end", SOON, () -> batch(here, again).has("completed_at"));
        assertThat(counts(here, again).path("total").asInt()).isEqualTo(1);
        assertThat(content(here, batch(here, again), "error_file_id"))
                .contains("\"custom_id\":\"broken\"");
    }

    @Test
    void batchIsCancelledAtAnyIngressAndKeepsWhatFinished() {
        // Given
        Api here = ingresses.getFirst().with(Cluster.NARROW_KEY);
        Api there = ingresses.getLast().with(Cluster.NARROW_KEY);
        int lines = 1_200; // more than a lane's reader keeps in memory
        String id = here.batch(here.upload(lines(lines, "slow")));
        Await.until("a line", SOON, () -> counts(there, id).path("completed").asInt() > 0);
        List<String> early = endedLines(there, id, "");
        assertThat(early).isNotEmpty();
        // When
        Api.Answer cancelling = there.post("/v1/batches/" + id + "/cancel", "");
        // Then
        assertThat(cancelling.status()).as(cancelling.body()).isEqualTo(200);
        assertThat(cancelling.json().path("status").asText()).isIn("cancelling", "finalizing");
        Await.until("the end", SOON, () -> batch(here, id).has("cancelled_at"));
        assertThat(early).hasSizeLessThan(lines);
        List<String> late = endedLines(here, id, early.getLast());
        assertThat(Stream.concat(early.stream(), late.stream()))
                .doesNotHaveDuplicates()
                .hasSize(lines);
        JsonNode batch = batch(there, id);
        int completed = batch.path("request_counts").path("completed").asInt();
        assertThat(completed).isBetween(1, lines - 1);
        assertThat(content(there, batch, "output_file_id").lines()).hasSize(completed);
        assertThat(content(there, batch, "error_file_id").lines())
                .hasSize(lines - completed)
                .allMatch(line -> line.contains("batch_cancelled"));
        assertThat(here.post("/v1/batches/" + id + "/cancel", "").status()).isEqualTo(200);
        assertThat(cluster.topics().results())
                .extracting(InferenceResult::getJobId)
                .filteredOn(job -> job.startsWith(id))
                .hasSize(lines)
                .doesNotHaveDuplicates();
    }

    @Test
    void synchronousCallIsToldWhatIsLeftOfItsMinute() {
        // Given
        Api paced = ingresses.getLast().with(Cluster.PACED_KEY);
        String call =
                "{\"model\": \"fast\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}";
        // When
        Api.Answer first = paced.post("/v1/chat/completions", call);
        Api.Answer second = paced.post("/v1/chat/completions", call);
        // Then
        assertThat(first.status()).as(first.body()).isEqualTo(200);
        assertThat(first.header("x-ratelimit-limit-requests")).isEqualTo("100");
        assertThat(first.header("x-ratelimit-remaining-requests")).isEqualTo("99");
        assertThat(second.header("RateLimit")).startsWith("\"requests\";r=98;t=");
    }

    @Test
    void queueTakesNoMoreThanItsQuotaAtTwoIngressesAndMoreAsSoonAsJobsEnd() {
        // Given
        List<Api> crowded = ingresses.stream().map(api -> api.with(Cluster.CROWDED_KEY)).toList();
        // When
        List<Api.Answer> answers =
                IntStream.range(0, 8)
                        .mapToObj(i -> crowded.get(i % 2).submit("long", "q" + i))
                        .toList();
        // Then
        assertThat(answers.subList(0, 5)).extracting(Api.Answer::status).containsOnly(202);
        assertThat(answers.subList(5, 8)).extracting(Api.Answer::status).containsOnly(429);
        assertThat(answers.getLast().errorCode()).isEqualTo("queue_full");
        answers.subList(0, 5).forEach(answer -> crowded.getFirst().job(answer.id()));
        for (Api api : crowded) {
            Await.until("room", SOON, () -> api.submit("fast", "after").status() == 202);
        }
    }

    @Test
    void malformedJsonIsRefused() {
        Api.Answer answer = ingresses.getFirst().post("/v1/jobs", "{\"endpoint\": ");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.json().path("error").path("message").asText()).isNotBlank();
    }

    @Test
    void unknownFieldOfTheEnvelopeIsRefusedByName() {
        Api.Answer answer =
                ingresses
                        .getFirst()
                        .post(
                                "/v1/jobs",
                                "{\"endpoint\": \"/v1/embeddings\", \"body\": {\"model\": \"fast\"},"
                                        + " \"tenant\": \"other\"}");
        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body()).contains("tenant");
    }

    @Test
    void bodyOfFiveMebibytesIsRefused() {
        byte[] body = new byte[5 * 1024 * 1024];
        Arrays.fill(body, (byte) ' ');
        assertThat(ingresses.getFirst().post("/v1/jobs", body).status()).isEqualTo(413);
    }

    @Test
    void unknownModelIsNotFound() {
        Api.Answer answer = ingresses.getFirst().submit("no-such-model", "hello");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.errorCode()).isEqualTo("model_not_found");
    }

    @Test
    void wrongKeyIsRefused() {
        Api stranger = ingresses.getFirst().with("mr_wrong_0123456789abcdef0123");
        assertThat(stranger.submit("fast", "hello").status()).isEqualTo(401);
    }

    @Test
    void jobOfAnotherTenantIsLikeNone() {
        // Given
        String id = ingresses.getFirst().submit("fast", "mine").id();
        Api umbra = ingresses.getFirst().with(Cluster.OTHER_KEY);
        // Then
        assertThat(umbra.get("/v1/jobs/" + id).status()).isEqualTo(404);
    }

    @Test
    void poisonGoesToTheDeadLettersAndItsSlotGoesOn() {
        // Given
        int slot = new Slots(SLOTS).of(new TenantId("acme"));
        byte[] poison = {0, 0, 0, 0, 99, 1, 2, 3};
        byte[] key = "acme".getBytes(StandardCharsets.UTF_8);
        // When
        RecordMetadata written =
                cluster.topics().write(Topic.REQUESTS.topicName(), slot, key, poison);
        String id = ingresses.getFirst().submit("fast", "behind the poison").id();
        // Then
        assertThat(ingresses.getFirst().job(id).path("status").asText()).isEqualTo("completed");
        List<DeadLetter> letters = new ArrayList<>();
        Await.until(
                "dead letter",
                SOON,
                () -> {
                    letters.clear();
                    cluster.topics().deadLetters().stream()
                            .filter(letter -> letter.getSource().getOffset() == written.offset())
                            .forEach(letters::add);
                    return !letters.isEmpty();
                });
        DeadLetter letter = letters.getFirst();
        assertThat(letter.getSource().getTopic()).isEqualTo(Topic.REQUESTS.topicName());
        assertThat(letter.getSource().getPartition()).isEqualTo(slot);
        assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(poison));
        assertThat(letter.getReason()).isNotBlank();
    }

    /** Ids of the lines that ended behind one. */
    private static List<String> endedLines(Api api, String batch, String after) {
        return api.get("/v1/batches/%s/results?after=%s".formatted(batch, after))
                .body()
                .lines()
                .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8)))
                .map(line -> line.path("id").asText())
                .toList();
    }

    private static JsonNode batch(Api api, String id) {
        return api.get("/v1/batches/" + id).json();
    }

    private static JsonNode counts(Api api, String id) {
        return batch(api, id).path("request_counts");
    }

    private static String content(Api api, JsonNode batch, String file) {
        return api.get("/v1/files/" + batch.path(file).asText() + "/content").body();
    }

    static String lines(int count, String model) {
        return IntStream.range(0, count)
                .mapToObj(n ->
                        """
                        {"custom_id": "c-%d", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "%s", "messages": [{"role": "user", "content": "line %1$d"}]}}
                        """
                                .formatted(n, model))
                .collect(Collectors.joining());
    }

    private static long sum(JsonNode page, String field) {
        return page.path("data")
                .valueStream()
                .flatMap(bucket -> bucket.path("results").valueStream())
                .mapToLong(result -> result.path(field).asLong())
                .sum();
    }
}
