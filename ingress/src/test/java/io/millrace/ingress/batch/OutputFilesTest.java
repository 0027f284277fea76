package io.millrace.ingress.batch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingress.batch.OutputFiles.Kind;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.JobId;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutputFilesTest {

    @TempDir Path directory;

    private final Map<JobId, InferenceResult> results = new HashMap<>();
    private DirectoryBlobStore blobs;
    private OutputFiles files;
    private Progress progress = Progress.NONE;

    @BeforeEach
    void makeTheFiles() {
        blobs = new DirectoryBlobStore(directory);
        files = new OutputFiles(job -> Optional.ofNullable(results.get(job)), blobs);
    }

    @Test
    void answersGoToTheOutputInTheOrderOfTheLines() throws IOException {
        // Given
        ended(Records.completed(2, "{\"data\": [0.10, 1e-7]}"));
        ended(Records.completed(1, "{\n  \"data\": []\n}\n"));

        // When
        FileState file = write(Kind.OUTPUT).orElseThrow();

        // Then
        List<JsonNode> lines = read(file);
        assertThat(lines)
                .extracting(line -> line.path("custom_id").textValue())
                .containsExactly("c1", "c2");
        assertThat(lines.getFirst().path("response").path("status_code").intValue()).isEqualTo(200);
        assertThat(lines.getFirst().path("response").path("body").path("data").isArray()).isTrue();
        assertThat(lines.getFirst().path("error").isNull()).isTrue();
        assertThat(lines.getFirst().path("id").textValue()).startsWith("batch_req_");
        assertThat(text(file)).contains("{\"data\": [0.10, 1e-7]}");
        assertThat(file.getPurpose()).isEqualTo("batch_output");
        assertThat(file.getTenant()).isEqualTo("acme");
        assertThat(new FileId(file.getFileId()).viewPartition()).isEqualTo(Records.PARTITION);
        assertThat(write(Kind.ERRORS)).isEmpty();
    }

    @Test
    void refusalsCarryTheStatusAndTheBodyOfTheirAnswer() throws IOException {
        // Given
        ended(
                Records.ended(1, JobStatus.FAILED)
                        .setHttpStatus(404)
                        .setError(Records.error("model_not_found"))
                        .build());
        ended(
                Records.ended(2, JobStatus.FAILED)
                        .setHttpStatus(502)
                        .setBody(Records.payload("<html>bad gateway</html>"))
                        .build());

        // When
        List<JsonNode> lines = read(write(Kind.ERRORS).orElseThrow());

        // Then
        JsonNode unknownModel = lines.getFirst().path("response");
        assertThat(unknownModel.path("status_code").intValue()).isEqualTo(404);
        assertThat(unknownModel.path("body").path("error").path("code").textValue())
                .isEqualTo("model_not_found");
        assertThat(lines.getLast().path("response").path("body").textValue()).contains("gateway");
        assertThat(write(Kind.OUTPUT)).isEmpty();
    }

    @Test
    void linesThatDidNotRunHaveAnErrorAndNoResponse() throws IOException {
        // Given
        ended(Records.ended(1, JobStatus.EXPIRED).build());
        ended(Records.ended(2, JobStatus.CANCELLED).build());
        ended(
                Records.ended(3, JobStatus.OUTCOME_UNKNOWN)
                        .setError(Records.error("outcome_unknown"))
                        .build());

        // When
        List<JsonNode> lines = read(write(Kind.ERRORS).orElseThrow());

        // Then
        assertThat(lines)
                .extracting(line -> line.path("error").path("code").textValue())
                .containsExactly("batch_expired", "batch_cancelled", "outcome_unknown");
        assertThat(lines).allMatch(line -> line.path("response").isNull());
    }

    @Test
    void writingAgainGivesTheSameFile() throws IOException {
        // Given
        ended(Records.completed(1, "{}"));

        // When
        FileState once = write(Kind.OUTPUT).orElseThrow();
        FileState again = write(Kind.OUTPUT).orElseThrow();

        // Then
        assertThat(again).isEqualTo(once);
    }

    private void ended(InferenceResult result) {
        results.put(new JobId(result.getJobId()), result);
        progress = progress.plus(Progress.of(LineEnd.of(result)));
    }

    private Optional<FileState> write(Kind kind) throws IOException {
        BatchState batch =
                Transition.finalizing(Records.inProgress(results.size()), progress, Records.NOW);
        return files.write(batch, kind, progress);
    }

    private String text(FileState file) throws IOException {
        try (InputStream in = blobs.open(file.getContent())) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private List<JsonNode> read(FileState file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        text(file)
                .lines()
                .forEach(line -> lines.add(Json.parse(line.getBytes(StandardCharsets.UTF_8))));
        return lines;
    }
}
