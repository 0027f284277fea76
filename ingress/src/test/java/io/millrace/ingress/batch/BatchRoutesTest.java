package io.millrace.ingress.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingress.files.Contract;
import io.millrace.ingress.files.FileBlobs;
import io.millrace.ingress.files.MemoryView;
import io.millrace.ingress.files.StoredFiles;
import io.millrace.ingress.files.TestDoor;
import io.millrace.ingress.files.TestDoor.Answer;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.http.SlowBodies;
import io.millrace.ingress.jobs.FakeQueue;
import io.millrace.ingress.submission.KeyedIds;
import io.millrace.schemas.avro.BatchInputError;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.WebhookTarget;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.IdFactory;
import io.millrace.schemas.id.Slots;
import io.millrace.servicekit.http.InternalCredential;
import io.millrace.servicekit.http.Json;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchRoutesTest {

    private static final String RESULTS = "/v1/batches/" + Records.BATCH + "/results";
    private static final String CANCEL = "/v1/batches/" + Records.BATCH + "/cancel";

    @TempDir Path blobs;

    private final MemoryView view = new MemoryView();
    private final SlowBodies slow = new SlowBodies(Duration.ofSeconds(10));
    private final FakeQueue queue = new FakeQueue();
    private final MemoryEndedLog ended = new MemoryEndedLog();
    private Progress progress = Progress.NONE;
    private TestDoor door;

    @BeforeEach
    void open() {
        DirectoryBlobStore store = new DirectoryBlobStore(blobs);
        BatchRoutes routes =
                new BatchRoutes(
                        TestDoor.authentication(),
                        new Bodies(100_000, 10_000_000, slow),
                        view,
                        new BatchCounts(view, _ -> Optional.of(progress)),
                        new BatchCancels(view, this::cancelAtOwner),
                        new NewBatches(
                                view,
                                queue,
                                new StoredFiles(view, view, store, () -> Records.NOW),
                                new Remainder(store, 5_000),
                                (_, wish) -> new WebhookTarget(wish.url(), wish.events(), null),
                                view,
                                new IdFactory(new Random(5)),
                                new KeyedIds(
                                        InternalCredential.of("0123456789".repeat(4)),
                                        new Slots(4)),
                                view,
                                new BatchMeters(new SimpleMeterRegistry()),
                                () -> Records.NOW),
                        new BatchResults(ended, store));
        door = new TestDoor(Map.of("/v1/batches", routes));
        file("acme", "batch");
    }

    @AfterEach
    void close() {
        door.close();
        slow.close();
    }

    @Test
    void wishIsAcceptedAsABatchThatIsValidated() {
        // When
        Answer created = create(wish("24h"));

        // Then
        assertThat(created.status()).isEqualTo(200);
        assertThat(Contract.breaches("Batch", created.text())).isEmpty();
        assertThat(created.text()).doesNotContain("null");
        JsonNode json = created.json();
        assertThat(json.path("status").textValue()).isEqualTo("validating");
        assertThat(json.path("expires_at").longValue() - json.path("created_at").longValue())
                .isEqualTo(86_400);
        assertThat(json.path("metadata").path("run").textValue()).isEqualTo("7");
        assertThat(json.has("output_file_id")).isFalse();
        assertThat(get("/v1/batches/" + json.path("id").textValue()).json()).isEqualTo(json);
    }

    @Test
    void linesThatHaveEndedAreReadWhileOthersRun() {
        // Given
        record(Records.inProgress(3));
        ended.ended(Records.completed(2, "{\"data\":[2]}"));
        ended.ended(
                Records.ended(1, JobStatus.FAILED)
                        .setHttpStatus(400)
                        .setError(Records.error("bad"))
                        .build());

        // When
        Answer answer = get(RESULTS);

        // Then
        assertThat(answer.status()).isEqualTo(200);
        assertThat(header(answer, "content-type")).startsWith("application/jsonl");
        assertThat(customIds(answer)).containsExactly("c2", "c1");
        assertThat(header(answer, "openai-poll-after-ms")).isEqualTo("1000");
    }

    @Test
    void readerThatSaysWhatItHasSeenGetsWhatEndedSince() {
        // Given
        record(Records.inProgress(3));
        ended.ended(Records.completed(2, "{}"));
        ended.ended(Records.completed(1, "{}"));
        Answer first = get(RESULTS);
        String seen = lines(first).getFirst().path("id").textValue();
        ended.ended(Records.completed(3, "{}"));

        // When
        Answer byLine = get(RESULTS + "?after=" + seen);
        Answer byCursor = get(RESULTS + "?after=" + header(first, BatchResults.NEXT));

        // Then
        assertThat(customIds(byLine)).containsExactly("c1", "c3");
        assertThat(customIds(byCursor)).containsExactly("c3");
        assertThat(get(RESULTS + "?after=" + header(byCursor, BatchResults.NEXT)).text()).isEmpty();
    }

    @Test
    void resultsOfOthersInThePartitionAreLeftOut() {
        // Given
        record(Records.inProgress(3));
        ended.ended(
                InferenceResult.newBuilder(Records.completed(1, "{}")).setBatchLine(null).build());

        // When // Then
        assertThat(get(RESULTS).text()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"end_", "end_-1", "end_x", "c1", "batch_req_nothing"})
    void placeThatIsNoneIsRefusedByName(String after) {
        // Given
        record(Records.inProgress(3));
        ended.ended(Records.completed(1, "{}"));

        // When
        Answer refused = get(RESULTS + "?after=" + after);

        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errorParam()).isEqualTo("after");
    }

    @Test
    void noBatchIsCreatedWhenTheQueueIsFull() {
        // Given
        queue.full(true);

        // When
        Answer refused = create(wish("24h"));

        // Then
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.errorCode()).isEqualTo("queue_full");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {                                                       | invalid_json               | null
                    []                                                      | invalid_json               | null
                    {"endpoint":"/v1/embeddings"}                           | missing_required_parameter | input_file_id
                    {"input_file_id":7}                                     | invalid_type               | input_file_id
                    {"input_file_id":"x","endpoint":"/v1/other"}            | invalid_value              | endpoint
                    {"input_file_id":"x","endpoint":"/v1/responses"}        | unsupported_endpoint       | endpoint
                    {"input_file_id":"x","endpoint":"/v1/embeddings"}       | missing_required_parameter | completion_window
                    {"input_file_id":"x","endpoint":"/v1/embeddings","completion_window":"24h"} | invalid_value | input_file_id
                    {"requests":[],"endpoint":"/v1/embeddings","completion_window":"24h"}       | invalid_value              | requests
                    {"requests":[{},7],"endpoint":"/v1/embeddings","completion_window":"24h"}   | invalid_type               | requests[1]
                    {"requests":[{}],"input_file_id":"x","endpoint":"/v1/embeddings","completion_window":"24h"} | invalid_value              | requests
                    {"input_file_id":"x","priority":9}                      | unknown_parameter          | priority
                    """)
    void wrongWishIsToldByField(String body, String code, String param) {
        // When
        Answer refused = create(body);

        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errorCode()).isEqualTo(code);
        assertThat(refused.errorParam()).isEqualTo(param);
    }

    @ParameterizedTest
    @CsvSource({"10s", "8d", "200h", "soon"})
    void windowOutsideTheLimitsIsRefused(String window) {
        assertThat(create(wish(window)).errorParam()).isEqualTo("completion_window");
    }

    @ParameterizedTest
    @CsvSource({"other, batch", "acme, user_data"})
    void fileOfAnotherTenantOrPurposeIsMissing(String tenant, String purpose) {
        // Given
        file(tenant, purpose);

        // When
        Answer refused = create(wish("24h"));

        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errorParam()).isEqualTo("input_file_id");
    }

    @Test
    void countsMoveWhileItRunsAndTheBillComesAtTheEnd() {
        // Given
        BatchState running = Records.inProgress(10);
        record(running);
        progress = new Progress(6, 1, 0, 0, new TokenSums(70, 5, 10, 2), 1_234_567_891);

        // When
        Answer moving = get("/v1/batches/" + Records.BATCH);
        record(
                Transition.ended(
                        Transition.finalizing(running, progress, Records.NOW),
                        progress,
                        Optional.of("file-out"),
                        Optional.of("file-err"),
                        Records.NOW));
        Answer ended = get("/v1/batches/" + Records.BATCH);

        // Then
        assertThat(moving.json().path("request_counts").path("completed").intValue()).isEqualTo(6);
        assertThat(moving.json().path("request_counts").path("failed").intValue()).isEqualTo(1);
        assertThat(moving.json().has("usage")).isFalse();
        assertThat(moving.json().has("cost")).isFalse();
        assertThat(Contract.breaches("Batch", ended.text())).isEmpty();
        assertThat(ended.json().path("usage").path("total_tokens").longValue()).isEqualTo(75);
        assertThat(ended.json().path("cost").toString())
                .isEqualTo("{\"value\":1.234567891,\"currency\":\"usd\"}");
        assertThat(ended.json().path("output_file_id").textValue()).isEqualTo("file-out");
    }

    @Test
    void failedBatchNamesItsLines() {
        // Given
        record(
                Transition.failed(
                        Records.validating(),
                        List.of(
                                new BatchInputError(
                                        "duplicate_custom_id", "Twice.", 3, "custom_id"),
                                new BatchInputError("too_many_lines", "Too many.", null, null)),
                        Records.NOW));

        // When
        Answer failed = get("/v1/batches/" + Records.BATCH);

        // Then
        assertThat(Contract.breaches("Batch", failed.text())).isEmpty();
        assertThat(failed.text()).doesNotContain("null");
        JsonNode first = failed.json().path("errors").path("data").path(0);
        assertThat(first.path("line").intValue()).isEqualTo(3);
        assertThat(first.path("code").textValue()).isEqualTo("duplicate_custom_id");
    }

    @Test
    void listsHaveTheirIdsOnlyWhenThereAreAny() {
        // When
        Answer empty = get("/v1/batches");
        create(wish("24h"));
        create(wish("1h"));
        Answer one = get("/v1/batches?limit=1");

        // Then
        assertThat(Contract.breaches("ListBatchesResponse", empty.text())).isEmpty();
        assertThat(empty.json().has("first_id")).isFalse();
        assertThat(Contract.breaches("ListBatchesResponse", one.text())).isEmpty();
        assertThat(one.json().path("has_more").booleanValue()).isTrue();
        assertThat(get("/v1/batches?limit=101").status()).isEqualTo(400);
    }

    @Test
    void requestsInTheWishBecomeTheBatchsInputFile() throws Exception {
        // When
        Answer created =
                create(
                        """
                        {"endpoint": "/v1/embeddings", "completion_window": "24h", "requests": [
                          {"custom_id": "a", "body": {"model": "m", "input": "x"}},
                          {"custom_id": "b", "method": "POST", "url": "/v1/embeddings", "body": {}}]}
                        """);

        // Then
        assertThat(created.status()).as(created.text()).isEqualTo(200);
        assertThat(Contract.breaches("Batch", created.text())).isEmpty();
        FileId input = new FileId(created.json().path("input_file_id").textValue());
        assertThat(view.record(input.value()).map(file -> file.getFile().getPurpose()))
                .contains("batch");
        try (InputStream in = new DirectoryBlobStore(blobs).open(FileBlobs.ref(input))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines())
                    .hasSize(2)
                    .allMatch(line -> line.contains("\"url\":\"/v1/embeddings\""))
                    .allMatch(line -> line.contains("\"method\":\"POST\""));
        }
    }

    @Test
    void batchOfWhatDidNotCompleteIsLikeTheFirst() throws Exception {
        // Given
        FileId errors = DerivedId.file(Records.BATCH, "error");
        DirectoryBlobStore store = new DirectoryBlobStore(blobs);
        store.put(FileBlobs.key(Records.INPUT), TestInput.stream(TestInput.lines(3)));
        store.put(FileBlobs.key(errors), TestInput.stream("{\"custom_id\":\"c2\"}\n"));
        record(
                BatchState.newBuilder(Records.inProgress(3))
                        .setStatus(BatchStatus.COMPLETED)
                        .setErrorFileId(errors.value())
                        .setMetadata(Map.of("run", "7"))
                        .build());

        // When
        Answer again = retry();

        // Then
        assertThat(again.status()).as(again.text()).isEqualTo(200);
        assertThat(Contract.breaches("Batch", again.text())).isEmpty();
        assertThat(again.json().path("id").textValue()).isNotEqualTo(Records.BATCH.value());
        assertThat(again.json().path("metadata").path("run").textValue()).isEqualTo("7");
        FileId input = new FileId(again.json().path("input_file_id").textValue());
        try (InputStream in = store.open(FileBlobs.ref(input))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(TestInput.line("c2") + "\n");
        }
    }

    @ParameterizedTest(name = "{2}")
    @CsvSource({
        "IN_PROGRESS, x, batch_not_finished",
        "COMPLETED, '', nothing_to_retry",
        "COMPLETED, file-0300000000000000000000000000, file_not_found"
    })
    void batchThatCannotBeRetriedIsToldWhy(BatchStatus is, String errorFile, String code) {
        // Given
        record(
                BatchState.newBuilder(Records.inProgress(2))
                        .setStatus(is)
                        .setErrorFileId(errorFile.isEmpty() ? null : errorFile)
                        .build());

        // When
        Answer refused = retry();

        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errorCode()).isEqualTo(code);
    }

    @Test
    void batchThatRunsIsCancelledByItsOwner() {
        // Given
        record(Records.inProgress(2));

        // When
        Answer cancelling = cancel();

        // Then
        assertThat(cancelling.status()).isEqualTo(200);
        assertThat(Contract.breaches("Batch", cancelling.text())).isEmpty();
        assertThat(cancelling.json().path("status").textValue()).isEqualTo("cancelling");
        assertThat(cancelling.json().path("cancelling_at").longValue())
                .isEqualTo(Records.NOW.getEpochSecond());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "CANCELLING, 200, ''",
        "FINALIZING, 200, ''",
        "CANCELLED, 200, ''",
        "COMPLETED, 400, batch_finished",
        "EXPIRED, 400, batch_finished",
        "FAILED, 400, batch_finished"
    })
    void batchThatNoLongerRunsIsLeftAsItIs(BatchStatus is, int status, String code) {
        // Given
        record(BatchState.newBuilder(Records.inProgress(2)).setStatus(is).build());

        // When
        Answer answer = cancel();

        // Then
        assertThat(answer.status()).isEqualTo(status);
        assertThat(status == 200 ? "" : answer.errorCode()).isEqualTo(code);
        assertThat(door.send("POST", CANCEL, TestDoor.OTHER).status()).isEqualTo(404);
    }

    @Test
    void batchOfAnotherTenantIsMissing() {
        // Given
        record(Records.inProgress(1));

        // Then
        assertThat(door.send("GET", "/v1/batches/" + Records.BATCH, TestDoor.OTHER).status())
                .isEqualTo(404);
        assertThat(door.send("GET", "/v1/batches", TestDoor.OTHER).json().path("data")).isEmpty();
        assertThat(get("/v1/batches/batch_nothing").status()).isEqualTo(404);
    }

    private void file(String tenant, String purpose) {
        view.jobs(
                        Records.PARTITION,
                        Records.INPUT.value(),
                        JobsRecord.newBuilder()
                                .setFile(
                                        FileState.newBuilder()
                                                .setFileId(Records.INPUT.value())
                                                .setTenant(tenant)
                                                .setFilename("in.jsonl")
                                                .setPurpose(purpose)
                                                .setContent(new BlobRef("files/x", 1L, ""))
                                                .setCreatedAt(Records.NOW)
                                                .build())
                                .build())
                .join();
    }

    private void record(BatchState batch) {
        view.jobs(
                        Records.PARTITION,
                        batch.getBatchId(),
                        JobsRecord.newBuilder().setBatch(batch).build())
                .join();
    }

    private Optional<BatchState> cancelAtOwner(BatchId batch) {
        return view.record(batch.value())
                .map(record -> Transition.cancelling(record.getBatch(), Records.NOW));
    }

    private static List<String> customIds(Answer answer) {
        return lines(answer).stream().map(line -> line.path("custom_id").asText()).toList();
    }

    private static List<JsonNode> lines(Answer answer) {
        return answer.text()
                .lines()
                .map(line -> Json.parse(line.getBytes(StandardCharsets.UTF_8)))
                .toList();
    }

    private static String header(Answer answer, String name) {
        return answer.response().headers().firstValue(name).orElse("");
    }

    private Answer retry() {
        return door.send("POST", "/v1/batches/" + Records.BATCH + "/retry", TestDoor.ACME);
    }

    private Answer cancel() {
        return door.send("POST", CANCEL, TestDoor.ACME);
    }

    @Test
    void wishThatComesTwiceWithAKeyIsOneBatch() {
        // Given
        Answer first = keyed("", "k1", wish("24h"));
        int records = view.records().size();

        // When
        queue.full(true);
        Answer again = keyed("", "k1", wish("24h").replace("{\"run\"", "{ \"run\""));

        // Then
        assertThat(first.status()).as(first.text()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(view.records()).hasSize(records);
        assertThat(keyed("", "k1", wish("12h")).status()).isEqualTo(422);
        queue.full(false);
        assertThat(keyed("", "k2", wish("24h")).json().path("id"))
                .isNotEqualTo(first.json().path("id"));
    }

    @Test
    void linesOfAWishThatComesTwiceAreStoredOnce() {
        String inline =
                "{\"endpoint\": \"/v1/embeddings\", \"completion_window\": \"24h\", \"requests\":"
                        + " [{\"custom_id\": \"a\", \"body\": {\"model\": \"m\", \"input\": \"x\"}}]}";
        Answer first = keyed("", "k1", inline);
        int records = view.records().size();

        assertThat(keyed("", "k1", inline).json()).isEqualTo(first.json());
        assertThat(view.records()).hasSize(records);
        assertThat(keyed("", "k1", inline.replace("\"x\"", "\"y\"")).errorCode())
                .isEqualTo("idempotency_key_reused");
        assertThat(view.records()).hasSize(records);
    }

    private Answer keyed(String path, String key, String body) {
        return door.send(
                "POST",
                "/v1/batches" + path,
                TestDoor.ACME,
                BodyPublishers.ofString(body),
                "Idempotency-Key",
                key);
    }

    private Answer create(String body) {
        return door.send("POST", "/v1/batches", TestDoor.ACME, BodyPublishers.ofString(body));
    }

    private Answer get(String path) {
        return door.send("GET", path, TestDoor.ACME);
    }

    private static String wish(String window) {
        return """
        {"input_file_id":"%s","endpoint":"/v1/embeddings","completion_window":"%s","metadata":{"run":"7"},
         "output_expires_after":{"anchor":"created_at","seconds":3600}}\
        """
                .formatted(Records.INPUT, window);
    }
}
