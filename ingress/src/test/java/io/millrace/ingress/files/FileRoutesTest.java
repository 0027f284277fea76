package io.millrace.ingress.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingress.files.TestDoor.Answer;
import io.millrace.ingress.submission.KeyedIds;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.IdFactory;
import io.millrace.schemas.id.Slots;
import io.millrace.servicekit.http.InternalCredential;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FileRoutesTest {

    private static final String BOUNDARY = "----boundary7MA4YWxk";
    private static final int LIMIT = 100_000;

    @TempDir Path blobs;

    private final MemoryView view = new MemoryView();
    private final AtomicLong seconds = new AtomicLong(1_795_348_800);
    private FilesRoom room;
    private TestDoor door;

    @BeforeEach
    void open() {
        room =
                new FilesRoom(
                        TestDoor.authentication(),
                        view,
                        view,
                        new DirectoryBlobStore(blobs),
                        LIMIT,
                        new IdFactory(new Random(7)),
                        new KeyedIds(InternalCredential.of("0123456789".repeat(4)), new Slots(4)),
                        view,
                        new SimpleMeterRegistry(),
                        () -> Instant.ofEpochSecond(seconds.getAndIncrement()));
        door = new TestDoor(Map.of("/v1/files", room.routes()));
    }

    @AfterEach
    void close() {
        door.close();
        room.close();
    }

    @Test
    void uploadIsShownListedAndGivenBackAsItCame() {
        // Given
        String content = "{\"a\":1}\r\n--not the boundary\n" + "é".repeat(20_000);

        // When
        Answer created = upload(field("purpose", "batch"), file("né \"x\".jsonl", content));

        // Then
        assertThat(created.status()).isEqualTo(200);
        assertThat(Contract.breaches("OpenAIFile", created.text())).isEmpty();
        JsonNode json = created.json();
        String path = "/v1/files/" + json.path("id").textValue();
        assertThat(json.path("bytes").longValue())
                .isEqualTo(content.getBytes(StandardCharsets.UTF_8).length);
        assertThat(json.path("filename").textValue()).isEqualTo("né \"x\".jsonl");
        assertThat(json.path("purpose").textValue()).isEqualTo("batch");
        assertThat(json.has("expires_at")).isFalse();
        assertThat(get(path).json()).isEqualTo(json);
        Answer given = get(path + "/content");
        assertThat(given.text()).isEqualTo(content);
        assertThat(given.response().headers().firstValue("Content-Disposition"))
                .hasValue("attachment; filename*=UTF-8''n%C3%A9%20%22x%22.jsonl");
    }

    @Test
    void fieldsMayComeAfterTheFile() {
        // When
        Answer created =
                upload(
                        file("a.txt", "text"),
                        field("expires_after[seconds]", "3600"),
                        field("expires_after[anchor]", "created_at"),
                        field("purpose", "user_data"));

        // Then
        assertThat(created.status()).isEqualTo(200);
        assertThat(created.json().path("expires_at").longValue())
                .isEqualTo(created.json().path("created_at").longValue() + 3600);
    }

    @Test
    void expiredFileIsMissing() {
        // Given
        Answer created =
                upload(
                        field("purpose", "user_data"),
                        field("expires_after[anchor]", "created_at"),
                        field("expires_after[seconds]", "3600"),
                        file("a.txt", "text"));

        // When
        seconds.addAndGet(3600);

        // Then
        assertThat(get("/v1/files/" + id(created)).status()).isEqualTo(404);
        assertThat(get("/v1/files").json().path("data")).isEmpty();
    }

    @Test
    void fileAboveTheLimitIs413AndLeavesNothingBehind() throws IOException {
        // When: it says how long it is, and it does not
        Answer announced = upload(field("purpose", "batch"), file("big", "x".repeat(LIMIT * 2)));
        Answer unannounced = uploadStream("x".repeat(LIMIT + 1));
        Answer exact = uploadStream("x".repeat(LIMIT));

        // Then
        assertThat(announced.status()).isEqualTo(413);
        assertThat(unannounced.status()).isEqualTo(413);
        assertThat(exact.status()).isEqualTo(200);
        assertThat(storedFiles()).containsExactly(id(exact));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({
        "no purpose, missing_required_parameter, purpose",
        "odd purpose, invalid_value, purpose",
        "no file, missing_required_parameter, file",
        "unknown field, unknown_parameter, tenant",
        "bad expiry, invalid_value, expires_after[seconds]",
        "two files, invalid_multipart, ''",
        "cut short, invalid_multipart, ''",
    })
    void wrongFormIsToldByFieldAndLeavesNothingBehind(String what, String code, String param)
            throws IOException {
        // Given
        String file = file("a.txt", "text");
        String purpose = field("purpose", "batch");
        String form =
                switch (what) {
                    case "no purpose" -> form(file);
                    case "odd purpose" -> form(file, field("purpose", "fun"));
                    case "no file" -> form(purpose);
                    case "unknown field" -> form(file, purpose, field("tenant", "other"));
                    case "bad expiry" ->
                            form(
                                    file,
                                    purpose,
                                    field("expires_after[anchor]", "created_at"),
                                    field("expires_after[seconds]", "1"));
                    case "two files" -> form(purpose, file, file);
                    default -> form(purpose, file).substring(0, form(purpose, file).length() - 40);
                };

        // When
        Answer refused = post(form);

        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errorCode()).isEqualTo(code);
        assertThat(refused.json().path("error").path("param").asText("")).isIn(param, "null");
        assertThat(storedFiles()).isEmpty();
        assertThat(view.records()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"application/json", "multipart/form-data", "text/plain; boundary=x"})
    void bodyThatIsNoFormIsRefused(String contentType) {
        // When
        Answer refused =
                door.send(
                        "POST",
                        "/v1/files",
                        TestDoor.ACME,
                        BodyPublishers.ofString("{}"),
                        "Content-Type",
                        contentType);

        // Then
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.errorCode()).isEqualTo("invalid_multipart");
    }

    @Test
    void listsFollowEachOtherByTheLastId() {
        // Given
        List<String> ids = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            ids.add(id(upload(field("purpose", i == 2 ? "batch" : "user_data"), file("a", "x"))));
        }

        // When
        Answer first = get("/v1/files?limit=2");
        Answer last = get("/v1/files?limit=3&after=" + first.json().path("last_id").textValue());

        // Then
        assertThat(Contract.breaches("ListFilesResponse", first.text())).isEmpty();
        assertThat(first.json().path("has_more").booleanValue()).isTrue();
        assertThat(last.json().path("has_more").booleanValue()).isFalse();
        assertThat(listed(first)).containsExactly(ids.get(4), ids.get(3));
        assertThat(listed(last)).containsExactly(ids.get(2), ids.get(1), ids.get(0));
        assertThat(listed(get("/v1/files?order=asc"))).isEqualTo(ids);
        assertThat(listed(get("/v1/files?purpose=batch"))).containsExactly(ids.get(2));
        assertThat(get("/v1/files?limit=0").errorParam()).isEqualTo("limit");
    }

    @Test
    void emptyListHasItsIdsAsEmptyTexts() {
        // When
        Answer empty = get("/v1/files");

        // Then
        assertThat(Contract.breaches("ListFilesResponse", empty.text())).isEmpty();
        assertThat(empty.json().path("first_id").textValue()).isEmpty();
    }

    @Test
    void deletedFileIsMissingAndErased() throws IOException {
        // Given
        String path = "/v1/files/" + id(upload(field("purpose", "user_data"), file("a", "x")));

        // When
        Answer deleted = door.send("DELETE", path, TestDoor.ACME);

        // Then
        assertThat(deleted.status()).isEqualTo(200);
        assertThat(Contract.breaches("DeleteFileResponse", deleted.text())).isEmpty();
        assertThat(get(path).status()).isEqualTo(404);
        assertThat(get(path + "/content").status()).isEqualTo(404);
        assertThat(storedFiles()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"GET, ''", "DELETE, ''", "GET, /content"})
    void fileOfAnotherTenantIsAsMissingAsOneThatNeverWas(String method, String rest) {
        // Given
        String id = id(upload(field("purpose", "user_data"), file("a", "x")));
        String never = id.substring(0, id.length() - 1) + (id.endsWith("a") ? "b" : "a");

        // When
        Answer foreign = door.send(method, "/v1/files/" + id + rest, TestDoor.OTHER);
        Answer missing = door.send(method, "/v1/files/" + never + rest, TestDoor.OTHER);

        // Then
        assertThat(foreign.status()).isEqualTo(404);
        assertThat(missing.status()).isEqualTo(404);
        assertThat(foreign.text().replace(id, "")).isEqualTo(missing.text().replace(never, ""));
        assertThat(door.send("GET", "/v1/files", TestDoor.OTHER).json().path("data")).isEmpty();
    }

    @Test
    void keyThatMayOnlyReadUploadsAndDeletesNothing() {
        // Given
        String id = id(upload(field("purpose", "user_data"), file("a", "x")));

        // Then
        assertThat(door.send("GET", "/v1/files/" + id, TestDoor.READER).status()).isEqualTo(200);
        assertThat(door.send("DELETE", "/v1/files/" + id, TestDoor.READER).status()).isEqualTo(403);
        assertThat(door.send("GET", "/v1/files/" + id, "sk-unknown").status()).isEqualTo(401);
    }

    @Test
    void uploadThatComesTwiceWithAKeyIsOneFile() throws IOException {
        // Given
        Answer first = keyed("k1", field("purpose", "batch"), file("a.jsonl", "content"));

        // When
        Answer again = keyed("\"k1\"", file("a.jsonl", "content"), field("purpose", "batch"));

        // Then
        assertThat(first.status()).isEqualTo(200);
        assertThat(again.json()).isEqualTo(first.json());
        assertThat(view.records()).hasSize(1);
        assertThat(stored()).isEqualTo(1);
        for (Answer other :
                List.of(
                        keyed("k1", field("purpose", "batch"), file("a.jsonl", "other")),
                        keyed("k1", field("purpose", "batch"), file("b.jsonl", "content")),
                        keyed("k1", field("purpose", "user_data"), file("a.jsonl", "content")))) {
            assertThat(other.status()).isEqualTo(422);
            assertThat(other.errorCode()).isEqualTo("idempotency_key_reused");
        }
        assertThat(stored()).isEqualTo(1);
        assertThat(get("/v1/files/" + id(first) + "/content").text()).isEqualTo("content");
        assertThat(id(keyed("k2", field("purpose", "batch"), file("a.jsonl", "content"))))
                .isNotEqualTo(id(first));
    }

    @Test
    void keyOfADeletedFileMakesNothingNew() throws IOException {
        String id = id(keyed("k1", field("purpose", "batch"), file("a", "content")));

        door.send("DELETE", "/v1/files/" + id, TestDoor.ACME);

        assertThat(get("/v1/files/" + id).status()).isEqualTo(404);
        assertThat(keyed("k1", field("purpose", "batch"), file("a", "content")).status())
                .isEqualTo(404);
        assertThat(keyed("k1", field("purpose", "batch"), file("a", "other")).status())
                .isEqualTo(422);
        assertThat(stored()).isZero();
    }

    private long stored() throws IOException {
        try (Stream<Path> all = Files.walk(blobs)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    private Answer keyed(String key, String... parts) {
        return door.send(
                "POST",
                "/v1/files",
                TestDoor.ACME,
                BodyPublishers.ofString(form(parts)),
                "Content-Type",
                "multipart/form-data; boundary=" + BOUNDARY,
                "Idempotency-Key",
                key);
    }

    private Answer upload(String... parts) {
        return post(form(parts));
    }

    private Answer post(String form) {
        return door.send(
                "POST",
                "/v1/files",
                TestDoor.ACME,
                BodyPublishers.ofString(form),
                "Content-Type",
                "multipart/form-data; boundary=" + BOUNDARY);
    }

    private Answer uploadStream(String content) {
        return door.send(
                "POST",
                "/v1/files",
                TestDoor.ACME,
                BodyPublishers.ofInputStream(
                        () -> chunked(form(field("purpose", "batch"), file("s", content)))),
                "Content-Type",
                "multipart/form-data; boundary=" + BOUNDARY);
    }

    private static InputStream chunked(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new SequenceInputStream(
                new ByteArrayInputStream(bytes, 0, 1000),
                new ByteArrayInputStream(bytes, 1000, bytes.length - 1000));
    }

    private Answer get(String path) {
        return door.send("GET", path, TestDoor.ACME);
    }

    private List<String> storedFiles() throws IOException {
        Path directory = blobs.resolve("files");
        if (!Files.exists(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private static List<String> listed(Answer answer) {
        List<String> ids = new ArrayList<>();
        answer.json().path("data").forEach(file -> ids.add(file.path("id").textValue()));
        return ids;
    }

    private static String id(Answer created) {
        return created.json().path("id").textValue();
    }

    private static String form(String... parts) {
        return String.join("", parts) + "--" + BOUNDARY + "--\r\n";
    }

    private static String field(String name, String value) {
        return "--%s\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
                .formatted(BOUNDARY, name, value);
    }

    private static String file(String filename, String content) {
        return """
        --%s\r
        Content-Disposition: form-data; name="file"; filename="%s"\r
        Content-Type: application/octet-stream\r
        \r
        %s\r
        """
                .formatted(BOUNDARY, filename.replace("\"", "\\\""), content);
    }
}
