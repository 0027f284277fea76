package io.millrace.ingress.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.control.TestControl;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.http.Failures;
import io.millrace.ingress.http.Gate;
import io.millrace.ingress.http.SlowBodies;
import io.millrace.ingress.http.UnknownRoutes;
import io.millrace.ingress.submission.Cancellation;
import io.millrace.ingress.submission.KeyedIds;
import io.millrace.ingress.submission.Submission;
import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.ErrorDetail;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.RateLeft;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.WebhookTarget;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.http.HttpDefaults;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobRoutesTest {

    private static final URI ADVERTISED = URI.create("http://ingress.example:8080");
    private static final String EMBEDDINGS =
            "{\"endpoint\": \"/v1/embeddings\", \"body\": {\"model\": \"m\", \"input\": \"x\"}}";

    private final MemoryJobs jobs = new MemoryJobs();
    private final MemoryKeys keys = new MemoryKeys(jobs);
    private final KeyedJobs keyed = new KeyedJobs(keys, keys);
    private final AtomicBoolean ready = new AtomicBoolean(true);
    private final FakeQueue queue = new FakeQueue();
    private final SlowBodies slow = new SlowBodies(Duration.ofSeconds(10));
    private final HttpClient client = HttpClient.newHttpClient();
    private final Map<String, Standing> told = new ConcurrentHashMap<>();
    private final Standings standings = (_, _) -> Map.copyOf(told);
    private final AtomicReference<RatesLeft.Left> left =
            new AtomicReference<>(RatesLeft.Left.NOTHING);
    private final BlobStore blobs;
    private final WebServer server;

    JobRoutesTest(@TempDir Path directory) {
        blobs = new DirectoryBlobStore(directory);
        Codecs codecs = TestCodecs.make();
        InternalCredential credential = InternalCredential.of("0123456789".repeat(4));
        for (int i = 0; i < 16; i++) {
            var _ = keyed.follow(new ViewPartition(i), new NoStores());
        }
        Control control = TestControl.make();
        Authentication authentication = new Authentication(() -> control, () -> Samples.NOW);
        Bodies bodies = new Bodies(64 * 1024, 1024 * 1024, slow);
        ClaimCheck claims = new ClaimCheck(blobs);
        JobDesk desk =
                new JobDesk(
                        () -> control,
                        new Submission(jobs, claims, new Slots(16)),
                        jobs,
                        queue,
                        new JobDesk.Keys(
                                new KeyedIds(credential, new Slots(16)),
                                keyed,
                                new KeyForwarding(new NoPeers(), codecs)),
                        (_, wish) -> new WebhookTarget(wish.url(), wish.events(), null),
                        new NoMeters(),
                        () -> Samples.NOW,
                        new Random(7));
        JobEndings endings =
                new JobEndings(
                        jobs,
                        jobs,
                        new Cancellation(jobs, new Slots(16)),
                        blobs,
                        () -> Samples.NOW);
        server =
                HttpDefaults.server("127.0.0.1", 0)
                        .routing(
                                HttpRouting.builder()
                                        .addFilter(new Gate(ready::get, credential, new Random(7)))
                                        .register(
                                                "/v1/jobs",
                                                new JobRoutes(
                                                        authentication,
                                                        bodies,
                                                        desk,
                                                        jobs,
                                                        claims,
                                                        endings,
                                                        standings,
                                                        (_, _, _) -> left.get(),
                                                        () -> ADVERTISED,
                                                        () -> Samples.NOW))
                                        .register(
                                                new InferenceRoutes(
                                                        authentication,
                                                        bodies,
                                                        desk,
                                                        jobs,
                                                        claims,
                                                        () -> ADVERTISED,
                                                        Duration.ofSeconds(1)))
                                        .register(
                                                "/v1/models",
                                                new ModelRoutes(authentication, () -> control))
                                        .register(
                                                new UnknownRoutes(
                                                        List.of("/v1/jobs", "/v1/jobs/{id}")))
                                        .error(Throwable.class, Failures::answer))
                        .build()
                        .start();
    }

    @AfterEach
    void close() {
        server.stop();
        slow.close();
        client.close();
    }

    @Test
    void anAcceptedJobIsToldWhereAndWhenToAsk() {
        HttpResponse<byte[]> answer = post("/v1/jobs", EMBEDDINGS);

        assertThat(answer.statusCode()).isEqualTo(202);
        JsonNode job = json(answer);
        assertThat(job.path("id").asText()).startsWith("job_03");
        assertThat(job.path("object").asText()).isEqualTo("job");
        assertThat(job.path("status").asText()).isEqualTo("queued");
        assertThat(header(answer, "location")).isEqualTo("/v1/jobs/" + job.path("id").asText());
        assertThat(header(answer, "retry-after")).isEqualTo("1");
        assertThat(header(answer, "openai-poll-after-ms")).isEqualTo("1000");
        assertThat(header(answer, "x-request-id")).startsWith("req_");
        assertThat(job.path("result_url").asText())
                .isEqualTo(ADVERTISED + "/v1/jobs/" + job.path("id").asText() + "/result");
        Submit submit = jobs.submitted.getFirst();
        assertThat(submit.getTenant()).isEqualTo("acme");
        assertThat(submit.getSynchronous()).isFalse();
        assertThat(submit.getModel()).isEqualTo("m");
    }

    @Test
    void nothingIsAcceptedBeyondTheQuotaOfTheQueueButSynchronousCallsAre() {
        jobs.dispatcher = JobRoutesTest::completed;
        post("/v1/jobs", EMBEDDINGS);
        queue.full(true);

        HttpResponse<byte[]> refused = post("/v1/jobs", EMBEDDINGS);

        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(json(refused).at("/error/code").asText()).isEqualTo("queue_full");
        assertThat(header(refused, "retry-after")).isEqualTo("5");
        assertThat(post("/v1/embeddings", "{\"model\": \"m\", \"input\": \"x\"}").statusCode())
                .isEqualTo(200);
        assertThat(jobs.submitted).hasSize(2);
        assertThat(queue.inside()).containsExactly(jobs.submitted.getFirst().getJobId());
    }

    @Test
    void aJobThatCouldNotBeWrittenLeavesTheQueue() {
        jobs.unreachable = true;

        post("/v1/jobs", EMBEDDINGS);

        assertThat(queue.inside()).isEmpty();
    }

    @Test
    void theSameWishUnderOneKeyIsOneJobHoweverItIsWritten() {
        HttpResponse<byte[]> first =
                post("/v1/jobs", EMBEDDINGS, "Idempotency-Key", "\"order 7\"".replace(' ', '-'));
        jobs.dispatcher = JobRoutesTest::completed;
        HttpResponse<byte[]> again =
                post(
                        "/v1/jobs",
                        "{\"body\":{\"input\":\"x\",\"model\":\"m\"},"
                                + "\"service_tier\":\"auto\",\"endpoint\":\"/v1/embeddings\"}",
                        "Idempotency-Key",
                        "order-7");

        assertThat(first.statusCode()).isEqualTo(202);
        assertThat(again.statusCode()).isEqualTo(202);
        assertThat(json(again)).isEqualTo(json(first));
        assertThat(header(again, "location")).isEqualTo(header(first, "location"));
        assertThat(jobs.submitted).hasSize(1);
        assertThat(queue.inside()).hasSize(1);
    }

    @Test
    void anotherWishUnderTheSameKeyIsRefusedAndNotToBeRepeated() {
        post("/v1/jobs", EMBEDDINGS, "Idempotency-Key", "order-7");

        HttpResponse<byte[]> answer =
                post("/v1/jobs", EMBEDDINGS.replace("x", "y"), "Idempotency-Key", "order-7");

        assertThat(answer.statusCode()).isEqualTo(422);
        assertThat(json(answer).at("/error/code").asText()).isEqualTo("idempotency_key_reused");
        assertThat(json(answer).at("/error/param").asText()).isEqualTo("Idempotency-Key");
        assertThat(header(answer, "x-should-retry")).isEqualTo("false");
        assertThat(jobs.submitted).hasSize(1);
    }

    @Test
    void aKeyThatIsNoneIsRefusedByName() {
        for (String key : List.of("two words", "\"open", "k".repeat(256))) {
            HttpResponse<byte[]> answer = post("/v1/jobs", EMBEDDINGS, "Idempotency-Key", key);

            assertThat(answer.statusCode()).as(key).isEqualTo(400);
            assertThat(json(answer).at("/error/param").asText()).isEqualTo("Idempotency-Key");
        }
        assertThat(jobs.submitted).isEmpty();
    }

    @Test
    void aSynchronousCallUnderAKeyWaitsForTheJobThatIsThere() {
        jobs.dispatcher = JobRoutesTest::completed;
        String body = "{\"model\": \"m\", \"input\": \"x\"}";

        HttpResponse<byte[]> first = post("/v1/embeddings", body, "Idempotency-Key", "k");
        HttpResponse<byte[]> again = post("/v1/embeddings", body, "Idempotency-Key", "k");

        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(again.body()).isEqualTo(first.body());
        assertThat(jobs.submitted).hasSize(1);
    }

    @Test
    void whatCannotBeWrittenIsUnavailableAndLeavesTheQueueUntilItIsRepeated() {
        keys.broken = true;

        HttpResponse<byte[]> answer = post("/v1/jobs", EMBEDDINGS, "Idempotency-Key", "k");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(header(answer, "retry-after")).isEqualTo("1");
        assertThat(queue.inside()).isEmpty();
        keys.broken = false;
        assertThat(post("/v1/jobs", EMBEDDINGS, "Idempotency-Key", "k").statusCode())
                .isEqualTo(202);
    }

    @Test
    void aKeyOutlivesItsJob() {
        jobs.dispatcher = JobRoutesTest::completed;
        String job = json(post("/v1/jobs", EMBEDDINGS, "Idempotency-Key", "k")).path("id").asText();

        assertThat(send("DELETE", "/v1/jobs/" + job, TestControl.ACME, "").statusCode())
                .isEqualTo(200);

        assertThat(get("/v1/jobs/" + job).statusCode()).isEqualTo(404);
        assertThat(post("/v1/jobs", EMBEDDINGS, "Idempotency-Key", "k").statusCode())
                .isEqualTo(404);
        assertThat(jobs.submitted).hasSize(1);
    }

    @Test
    void theTraceOfTheClientGoesOn() {
        post(
                "/v1/jobs",
                EMBEDDINGS,
                "traceparent",
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        assertThat(jobs.headers.getFirst().get("traceparent"))
                .startsWith("00-0af7651916cd43dd8448eb211c80319c-")
                .endsWith("-01")
                .doesNotContain("b7ad6b7169203331");
    }

    @Test
    void nothingIsAcceptedThatKafkaDidNotAcknowledge() {
        jobs.unreachable = true;

        HttpResponse<byte[]> answer = post("/v1/jobs", EMBEDDINGS);

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(header(answer, "retry-after")).isEqualTo("1");
    }

    @Test
    void aFinishedJobTellsItsUsageAndCost() {
        jobs.dispatcher = JobRoutesTest::completed;
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();

        HttpResponse<byte[]> answer = get("/v1/jobs/" + id);

        JsonNode job = json(answer);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(job.path("status").asText()).isEqualTo("completed");
        assertThat(job.path("usage").path("total_tokens").asInt()).isEqualTo(7);
        assertThat(job.path("cost").path("value").asDouble()).isEqualTo(1.5);
        assertThat(get("/v1/jobs/" + id, "If-None-Match", header(answer, "etag")).statusCode())
                .isEqualTo(304);
        assertThat(get("/v1/jobs/" + id + "/result").body()).asString().isEqualTo(Samples.BODY);
    }

    @Test
    void aTagIsKnownInEveryFormThatHttpAllows() {
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();
        String tag = header(get("/v1/jobs/" + id), "etag");

        assertThat(get("/v1/jobs/" + id, "If-None-Match", "\"a\", W/" + tag).statusCode())
                .isEqualTo(304);
        assertThat(get("/v1/jobs/" + id, "If-None-Match", "\"a\"").statusCode()).isEqualTo(200);
        assertThat(header(get("/v1/jobs/" + id), "cache-control")).isEqualTo("private, no-cache");
    }

    @Test
    void anUnfinishedJobTellsWhereItStands() {
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();
        String before = header(get("/v1/jobs/" + id), "etag");
        told.put(id, new Standing(0, null, List.of(), 3, "provider_limit"));
        JsonNode waiting = json(get("/v1/jobs/" + id, "If-None-Match", before));
        told.put(id, new Standing(1, Samples.NOW, List.of(Samples.attempt(1, "running")), 0, ""));
        JsonNode running = json(get("/v1/jobs/" + id));

        assertThat(waiting.path("status").asText()).isEqualTo("queued");
        assertThat(waiting.path("queue_position").asInt()).isEqualTo(3);
        assertThat(waiting.path("waiting_reason").asText()).isEqualTo("provider_limit");
        assertThat(waiting.has("attempts")).isFalse();
        assertThat(running.path("status").asText()).isEqualTo("in_progress");
        assertThat(running.path("started_at").asLong()).isEqualTo(Samples.NOW.getEpochSecond());
        assertThat(running.path("attempts").asInt()).isEqualTo(1);
        assertThat(running.at("/attempt_history/0/outcome").asText()).isEqualTo("running");
        assertThat(running.has("queue_position")).isFalse();
    }

    @Test
    void listsTellWhatIsInProgressAndAreFilteredByIt() {
        String queued = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();
        String running = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();
        told.put(running, new Standing(1, Samples.NOW, List.of(), 0, ""));

        assertThat(json(get("/v1/jobs?status=in_progress")).path("data").findValuesAsText("id"))
                .containsExactly(running);
        assertThat(json(get("/v1/jobs?status=queued")).path("data").findValuesAsText("id"))
                .containsExactly(queued);
        assertThat(json(get("/v1/jobs?status=queued&status=in_progress")).path("data")).hasSize(2);
    }

    @Test
    void eventsEndWithTheEndAndLeaveNoAttemptOut() {
        jobs.dispatcher =
                submit ->
                        completed(submit)
                                .map(result ->
                                        InferenceResult.newBuilder(result)
                                                .setHistory(
                                                        List.of(
                                                                Samples.attempt(1, "retryable"),
                                                                Samples.attempt(2, "not_made"),
                                                                Samples.attempt(3, "completed")))
                                                .build());
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();

        HttpResponse<byte[]> answer = get("/v1/jobs/" + id + "/events");
        HttpResponse<byte[]> rest = get("/v1/jobs/" + id + "/events", "Last-Event-ID", "3");

        assertThat(header(answer, "content-type")).startsWith("text/event-stream");
        assertThat(events(answer))
                .containsExactly("job.queued", "job.started", "job.retrying", "job.completed");
        assertThat(events(rest)).containsExactly("job.completed");
        assertThat(answer.body()).asString().contains("\"sequence_number\":4").endsWith("\n\n");
        assertThat(json(get("/v1/jobs/" + id)).at("/attempt_history/0/status_code").asInt())
                .isEqualTo(200);
    }

    @Test
    void eventsOfAnotherTenantsJobAreNotThere() {
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();

        assertThat(as(TestControl.OTHER, "/v1/jobs/" + id + "/events").statusCode()).isEqualTo(404);
    }

    @Test
    void aCallBeyondAMinutesLimitIsToldWhenToComeAgain() {
        jobs.dispatcher = submit -> tooMany(submit, 1_500L);

        HttpResponse<byte[]> answer = post("/v1/embeddings", "{\"model\":\"m\",\"input\":\"x\"}");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(header(answer, "retry-after")).isEqualTo("2");
        assertThat(header(answer, "retry-after-ms")).isEqualTo("1500");
        assertThat(header(answer, "x-should-retry")).isEmpty();
    }

    @Test
    void aCancelIsWrittenForTheJobsSlotAndTellsTheEnd() {
        jobs.cancelled =
                wish ->
                        Optional.of(
                                InferenceResult.newBuilder(Samples.completed(wish.getId(), "acme"))
                                        .setStatus(JobStatus.CANCELLED)
                                        .build());
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();

        HttpResponse<byte[]> answer = post("/v1/jobs/" + id + "/cancel", "{}");
        HttpResponse<byte[]> again = post("/v1/jobs/" + id + "/cancel", "{}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("status").asText()).isEqualTo("cancelled");
        assertThat(again.statusCode()).isEqualTo(200);
        assertThat(jobs.cancels)
                .singleElement()
                .returns(id, Cancel::getId)
                .returns("acme", Cancel::getTenant)
                .returns("cancelled", Cancel::getReason);
        assertThat(get("/v1/jobs/" + id + "/result").statusCode()).isEqualTo(410);
    }

    @Test
    void aJobThatEndedOtherwiseIsNotCancelledAnyMore() {
        jobs.dispatcher = JobRoutesTest::completed;
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();

        HttpResponse<byte[]> answer = post("/v1/jobs/" + id + "/cancel", "");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").path("code").asText()).isEqualTo("job_finished");
        assertThat(jobs.cancels).isEmpty();
    }

    @Test
    void aCancelThatKafkaDidNotAcknowledgeIsNotTakenForOne() {
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();
        jobs.unreachable = true;

        assertThat(post("/v1/jobs/" + id + "/cancel", "").statusCode()).isEqualTo(503);
    }

    @Test
    void aJobThatHasNotEndedIsNotDeleted() {
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();

        HttpResponse<byte[]> answer = send("DELETE", "/v1/jobs/" + id, TestControl.ACME, "");

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(json(answer).path("error").path("code").asText()).isEqualTo("job_not_finished");
        assertThat(get("/v1/jobs/" + id).statusCode()).isEqualTo(200);
    }

    @Test
    void aDeletedJobIsAsMissingAsOneThatNeverWas() {
        jobs.dispatcher = JobRoutesTest::completed;
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();

        HttpResponse<byte[]> answer = send("DELETE", "/v1/jobs/" + id, TestControl.ACME, "");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(json(answer).path("deleted").asBoolean()).isTrue();
        for (String path : List.of("", "/result")) {
            assertThat(get("/v1/jobs/" + id + path).body())
                    .isEqualTo(get("/v1/jobs/" + Samples.job(1) + path).body());
        }
        assertThat(send("DELETE", "/v1/jobs/" + id, TestControl.ACME, "").statusCode())
                .isEqualTo(404);
        assertThat(json(get("/v1/jobs")).path("data")).isEmpty();
    }

    @Test
    void whatADeletedJobHadInTheBlobStoreIsErased() throws IOException {
        String long600Kib = "x".repeat(ClaimCheck.INLINE_BYTES + 1);
        jobs.dispatcher =
                submit -> {
                    try {
                        Payload body =
                                new ClaimCheck(blobs)
                                        .checkIn(
                                                long600Kib.getBytes(StandardCharsets.UTF_8),
                                                "results/" + submit.getJobId() + "-1");
                        return completed(submit)
                                .map(result ->
                                        InferenceResult.newBuilder(result).setBody(body).build());
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                };
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();
        BlobRef answer = jobs.result(new JobId(id)).orElseThrow().getBody().getBlob();
        blobs.open(answer).close();

        send("DELETE", "/v1/jobs/" + id, TestControl.ACME, "");

        assertThatThrownBy(() -> blobs.open(answer)).isInstanceOf(IOException.class);
    }

    @Test
    void aKeyThatMayOnlyReadEndsNothing() {
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();

        assertThat(send("POST", "/v1/jobs/" + id + "/cancel", TestControl.READER, "").statusCode())
                .isEqualTo(403);
        assertThat(send("DELETE", "/v1/jobs/" + id, TestControl.READER, "").statusCode())
                .isEqualTo(403);
    }

    @Test
    void aResultThatIsNotThereYetIsNoError() {
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();

        assertThat(get("/v1/jobs/" + id + "/result").statusCode()).isEqualTo(202);
    }

    @Test
    void anotherTenantsJobAndNoJobAnswerAlike() {
        String id = json(post("/v1/jobs", EMBEDDINGS)).path("id").asText();
        String none = Samples.job(1);

        for (String path : List.of("/cancel", "")) {
            String method = path.isEmpty() ? "DELETE" : "POST";
            assertThat(send(method, "/v1/jobs/" + id + path, TestControl.OTHER, "").body())
                    .isEqualTo(
                            send(method, "/v1/jobs/" + none + path, TestControl.OTHER, "").body());
        }
        for (String path : List.of("", "/result")) {
            HttpResponse<byte[]> foreign = as(TestControl.OTHER, "/v1/jobs/" + id + path);
            HttpResponse<byte[]> missing = as(TestControl.OTHER, "/v1/jobs/" + none + path);
            assertThat(foreign.statusCode()).isEqualTo(404);
            assertThat(foreign.body()).isEqualTo(missing.body());
        }
    }

    @Test
    void listsHaveTheShapeThatClientsFollow() {
        post("/v1/jobs", EMBEDDINGS);
        post("/v1/jobs", EMBEDDINGS);

        JsonNode page = json(get("/v1/jobs?limit=1"));

        assertThat(page.path("object").asText()).isEqualTo("list");
        assertThat(page.path("data")).hasSize(1);
        assertThat(page.path("has_more").asBoolean()).isTrue();
        assertThat(page.path("last_id").asText())
                .isEqualTo(page.path("data").path(0).path("id").asText());
        assertThat(get("/v1/jobs?limit=0").statusCode()).isEqualTo(400);
        assertThat(get("/v1/jobs?status=lost").statusCode()).isEqualTo(400);
        assertThat(json(get("/v1/jobs?status=completed")).path("data")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "POST | /v1/jobs | `{` | 400 | invalid_json",
                "POST | /v1/jobs | `{\"endpoint\": \"/v1/embeddings\", \"tenant\": \"x\"}` | 400 | unknown_parameter",
                "POST | /v1/jobs | `{\"endpoint\": \"/v1/embeddings\", \"body\": {\"model\": \"nope\"}}` | 404 | model_not_found",
                "GET | /v1/jobs/..%2Fadmin | `` | 404 | unknown_url",
                "GET | /v1/jobs/no-such-id | `` | 404 | job_not_found",
                "DELETE | /v1/jobs | `` | 405 | method_not_allowed",
                "GET | /v1/_stainless_unknown_path | `` | 404 | unknown_url",
                "POST | /v1/moderations | `{}` | 404 | unsupported_endpoint",
                "POST | /v1/embeddings | `{\"model\": \"m\", \"stream\": true}` | 400 | unsupported_parameter",
                "POST | /v1/embeddings | `[1]` | 400 | invalid_type",
                "GET | /v1/models/nope | `` | 404 | model_not_found",
                "GET | /internal/view/one/x | `` | 404 | unknown_url",
            })
    void whatIsWrongIsAnsweredInJson(
            String method, String path, String body, int status, String code) {
        HttpResponse<byte[]> answer = send(method, path, TestControl.ACME, body);

        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(json(answer).path("error").path("code").asText()).isEqualTo(code);
        assertThat(header(answer, "x-request-id")).startsWith("req_");
        assertThat(jobs.submitted).isEmpty();
    }

    @Test
    void errorsOnOurOwnPathsAreProblemsToo() {
        HttpResponse<byte[]> answer = get("/v1/jobs/no-such-id");

        assertThat(header(answer, "content-type")).isEqualTo("application/problem+json");
        assertThat(json(answer).path("status").asInt()).isEqualTo(404);
        assertThat(json(answer).path("detail").asText()).isNotEmpty();
    }

    @Test
    void aBodyAboveTheLimitIsRefusedNamingTheLimit() {
        HttpResponse<byte[]> answer = post("/v1/jobs", "x".repeat(65 * 1024));

        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(json(answer).path("error").path("message").asText()).contains("64KiB");
    }

    @Test
    void nobodyIsAnsweredWithoutAKnownKey() {
        HttpResponse<byte[]> answer = as("sk-unknown", "/v1/jobs");

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(header(answer, "x-request-id")).startsWith("req_");
        assertThat(json(answer).path("error").path("code").asText()).isEqualTo("invalid_api_key");
    }

    @Test
    void aKeyIsTakenFromXApiKeyToo() {
        assertThat(plain("/v1/models", "X-Api-Key", TestControl.ACME).statusCode()).isEqualTo(200);
        assertThat(plain("/v1/models", "Accept", "*/*").statusCode()).isEqualTo(401);
    }

    @Test
    void aKeyThatMayOnlyReadSubmitsNothing() {
        HttpResponse<byte[]> answer = send("POST", "/v1/jobs", TestControl.READER, EMBEDDINGS);

        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void anOperatorBelongsToNoTenantAndCannotSubmit() {
        assertThat(send("POST", "/v1/jobs", TestControl.OPERATOR, EMBEDDINGS).statusCode())
                .isEqualTo(403);
    }

    @Test
    void aSynchronousCallAnswersWithTheProvidersBody() {
        jobs.dispatcher = JobRoutesTest::completed;

        HttpResponse<byte[]> answer = post("/v1/embeddings", "{\"model\":\"m\",\"input\":\"x\"}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).asString().isEqualTo(Samples.BODY);
        assertThat(header(answer, "x-millrace-job-id")).startsWith("job_03");
        assertThat(jobs.submitted.getFirst().getSynchronous()).isTrue();
    }

    @Test
    void aFailedCallAnswersWithTheProvidersStatusAndIsNotToBeRetried() {
        jobs.dispatcher = submit -> tooMany(submit, null);

        HttpResponse<byte[]> answer = post("/v1/embeddings", "{\"model\":\"m\",\"input\":\"x\"}");

        assertThat(answer.statusCode()).isEqualTo(429);
        assertThat(header(answer, "x-should-retry")).isEqualTo("false");
        assertThat(json(answer).path("error").path("code").asText())
                .isEqualTo("rate_limit_exceeded");
    }

    @Test
    void aWaitThatEndsNamesTheJobThatGoesOn() {
        HttpResponse<byte[]> answer = post("/v1/embeddings", "{\"model\":\"m\",\"input\":\"x\"}");

        assertThat(answer.statusCode()).isEqualTo(504);
        assertThat(header(answer, "x-should-retry")).isEqualTo("false");
        assertThat(json(answer).path("error").path("message").asText())
                .contains(header(answer, "x-millrace-job-id"));
    }

    @Test
    void whoPrefersNotToWaitIsAnsweredWithTheJob() {
        HttpResponse<byte[]> answer =
                post(
                        "/v1/embeddings",
                        "{\"model\":\"m\",\"input\":\"x\"}",
                        "Prefer",
                        "respond-async");

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(jobs.submitted.getFirst().getSynchronous()).isFalse();
    }

    @Test
    void modelsAreThoseTheKeyMayUseAndTheirNamesMayHoldSlashes() {
        JsonNode models = json(get("/v1/models"));

        assertThat(models.path("object").asText()).isEqualTo("list");
        assertThat(models.path("data").findValuesAsText("id")).containsExactly("local/mini", "m");
        assertThat(json(get("/v1/models/local%2Fmini")).path("id").asText())
                .isEqualTo("local/mini");
        assertThat(as(TestControl.OTHER, "/v1/models/local%2Fmini").statusCode()).isEqualTo(404);
    }

    @Test
    void nothingIsAnsweredBeforeTheServiceIsReady() {
        ready.set(false);

        HttpResponse<byte[]> answer = get("/v1/jobs");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(header(answer, "retry-after")).isEqualTo("1");
    }

    @Test
    void callerIsToldWhatIsLeftOfItsMinuteAndWarnedFromEightyPercentOn() {
        jobs.dispatcher =
                submit ->
                        completed(submit)
                                .map(result ->
                                        InferenceResult.newBuilder(result)
                                                .setRequestsLeft(new RateLeft(100L, 19L, 41_500L))
                                                .setTokensLeft(new RateLeft(1_000L, 800L, 41_500L))
                                                .build());

        HttpResponse<byte[]> answer =
                post("/v1/embeddings", "{\"model\": \"m\", \"input\": \"x\"}");

        assertThat(header(answer, "x-ratelimit-limit-requests")).isEqualTo("100");
        assertThat(header(answer, "x-ratelimit-remaining-requests")).isEqualTo("19");
        assertThat(header(answer, "x-ratelimit-reset-requests")).isEqualTo("42s");
        assertThat(header(answer, "x-ratelimit-remaining-tokens")).isEqualTo("800");
        assertThat(header(answer, "ratelimit-policy"))
                .isEqualTo("\"requests\";q=100;w=60, \"tokens\";q=1000;w=60");
        assertThat(header(answer, "ratelimit"))
                .isEqualTo("\"requests\";r=19;t=42, \"tokens\";r=800;t=42");
        assertThat(header(answer, "x-ratelimit-warning")).isEqualTo("requests; used=81%");
    }

    @Test
    void acceptanceTellsWhatIsLeftOfTheMinute() {
        left.set(new RatesLeft.Left(new RateLeft(100L, 19L, 41_500L), null));

        HttpResponse<byte[]> answer = post("/v1/jobs", EMBEDDINGS);

        assertThat(answer.statusCode()).isEqualTo(202);
        assertThat(header(answer, "x-ratelimit-remaining-requests")).isEqualTo("19");
        assertThat(header(answer, "ratelimit")).isEqualTo("\"requests\";r=19;t=42");
        assertThat(header(answer, "x-ratelimit-warning")).isEqualTo("requests; used=81%");
        assertThat(answer.headers().firstValue("x-ratelimit-limit-tokens")).isEmpty();
    }

    @Test
    void withoutLimitsThereAreNoRateHeaders() {
        jobs.dispatcher = JobRoutesTest::completed;

        HttpResponse<byte[]> answer =
                post("/v1/embeddings", "{\"model\": \"m\", \"input\": \"x\"}");

        assertThat(answer.headers().map().keySet()).noneMatch(name -> name.contains("ratelimit"));
    }

    private static Optional<InferenceResult> completed(Submit submit) {
        return Optional.of(Samples.completed(submit.getJobId(), submit.getTenant()));
    }

    private static Optional<InferenceResult> tooMany(Submit submit, @Nullable Long retryAfterMs) {
        return completed(submit)
                .map(result ->
                        InferenceResult.newBuilder(result)
                                .setStatus(JobStatus.FAILED)
                                .setHttpStatus(429)
                                .setRetryAfterMs(retryAfterMs)
                                .setError(
                                        new ErrorDetail(
                                                "rate_limit_exceeded",
                                                "Too many.",
                                                "rate_limit_error",
                                                null))
                                .build());
    }

    private static List<String> events(HttpResponse<byte[]> answer) {
        return new String(answer.body(), StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith("event: "))
                .map(line -> line.substring("event: ".length()))
                .toList();
    }

    private HttpResponse<byte[]> post(String path, String body, String... headers) {
        return send("POST", path, TestControl.ACME, body, headers);
    }

    private HttpResponse<byte[]> get(String path, String... headers) {
        return send("GET", path, TestControl.ACME, "", headers);
    }

    private HttpResponse<byte[]> as(String key, String path) {
        return send("GET", path, key, "");
    }

    private HttpResponse<byte[]> send(
            String method, String path, String key, String body, String... headers) {
        HttpRequest.Builder request = request(path);
        request.header("Authorization", "Bearer " + key);
        request.method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return send(request.build());
    }

    private HttpResponse<byte[]> plain(String path, String... headers) {
        return send(request(path).headers(headers).build());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path));
    }

    private HttpResponse<byte[]> send(HttpRequest request) {
        try {
            return client.send(request, BodyHandlers.ofByteArray());
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        return Json.parse(answer.body());
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }

    /** Keyed jobs keep nothing of their own. */
    private static final class NoStores implements ViewExtension.Stores {

        @Override
        public KeyValueStore<String, byte[]> get(String name) {
            throw new IllegalArgumentException(name);
        }

        @Override
        public KeyValueStore<String, byte[]> shared() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<JobsRecord> record(String id) {
            return Optional.empty();
        }

        @Override
        public boolean ended(String id) {
            return false;
        }

        @Override
        public Optional<InferenceResult> result(String id) {
            return Optional.empty();
        }

        @Override
        public void emit(Topic topic, String key, byte[] value) {
            throw new IllegalStateException("nothing is emitted here");
        }
    }

    private static final class NoMeters implements JobMeters {

        @Override
        public void accepted(boolean synchronous) {
            // nobody looks at it here
        }

        @Override
        public void refused(String code) {
            // nobody looks at it here
        }
    }
}
