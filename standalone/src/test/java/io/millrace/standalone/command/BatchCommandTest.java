package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.simulatedprovider.tls.SelfSigned;
import io.millrace.standalone.client.PlayedApi;
import io.millrace.standalone.process.Lifetime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A file of requests, from its submission to its answers, and the exit codes on the way. */
@Timeout(180)
final class BatchCommandTest {

    private static final String LINE =
            """
            {"custom_id": "%s", "method": "POST", "url": "/v1/embeddings", "body": {"input": "x"}}
            """;

    private final PlayedApi played = new PlayedApi();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Path folder;
    private final Path file;

    BatchCommandTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.file =
                Files.writeString(
                        folder.resolve("in.jsonl"), LINE.formatted("a") + LINE.formatted("b"));
    }

    @AfterEach
    void close() {
        played.close();
    }

    @Test
    void fileIsSubmittedAndWaitedFor() throws IOException {
        // When
        int code = run("submit", file.toString(), "--wait");
        // Then
        assertThat(code).as(err.toString()).isEqualTo(ExitCodes.DONE);
        assertThat(out.toString())
                .contains("batch batch_1 is begun")
                .contains("100 % 2/2 lines, 0 failed")
                .contains("batch batch_1 completed: 2 lines, 2 done, 0 failed");
        Path answers = folder.resolve("out.jsonl");
        assertThat(run("results", "batch_1", "--out", answers.toString())).isZero();
        assertThat(answers).content().hasLineCount(2).contains("\"custom_id\":\"a\"");
        assertThat(run("submit", file.toString())).isZero();
        assertThat(out.toString()).contains("batch batch_1 was begun before");
    }

    @Test
    void apiBehindTlsIsTrustedByItsCertificate() throws IOException {
        // Given
        SelfSigned identity = SelfSigned.make(Instant.now());
        Path ca = Files.writeString(folder.resolve("ca.pem"), identity.pem());
        try (PlayedApi secure = new PlayedApi(identity)) {
            String url = secure.address().toString();
            // When
            int trusted = run("submit", file.toString(), "--url", url, "--ca", ca.toString());
            int doubted = run("status", "batch_1", "--url", url);
            // Then
            assertThat(trusted).as(err.toString()).isEqualTo(ExitCodes.DONE);
            assertThat(secure.batches()).hasSize(1);
            assertThat(doubted).isNotEqualTo(ExitCodes.DONE);
            assertThat(err.toString()).contains("certification path").doesNotContain("\tat ");
        }
    }

    @Test
    void certificatesOfNoUseAreRefused() throws IOException {
        // Given
        String https = "https://127.0.0.1:9";
        Path broken = Files.writeString(folder.resolve("broken.pem"), "nothing");
        // Then
        assertThat(run("status", "b", "--url", https, "--ca", broken.toString())).isEqualTo(2);
        assertThat(run("status", "b", "--url", https, "--ca", folder + "/none.pem")).isEqualTo(2);
        assertThat(run("status", "b", "--ca", broken.toString())).isEqualTo(2);
        assertThat(err.toString())
                .contains("broken.pem has broken certificates in it")
                .contains("none.pem cannot be read")
                .contains("--ca: has no meaning unless --url begins with https:");
    }

    @Test
    void lineThatFailedIsAnExitCodeOfOne() throws IOException {
        // Given
        played.answering(line -> "b".equals(line.path("custom_id").asText()) ? 500 : 200);
        // Then
        assertThat(run("submit", file.toString(), "--wait")).isEqualTo(ExitCodes.FAILED);
        assertThat(run("status", "batch_1")).isEqualTo(ExitCodes.FAILED);
        Path answers = folder.resolve("out.jsonl");
        assertThat(run("results", "batch_1", "--out", answers.toString()))
                .isEqualTo(ExitCodes.FAILED);
        assertThat(answers).content().hasLineCount(2).contains("the model is tired");
        assertThat(run("cancel", "batch_1")).isEqualTo(ExitCodes.FAILED);
    }

    @Test
    void batchThatRunsIsCancelled() {
        // Given
        run("submit", file.toString(), "--state", folder.resolve("state").toString());
        // Then
        assertThat(run("cancel", "batch_1")).isZero();
        assertThat(run("status", "batch_1")).isEqualTo(ExitCodes.FAILED);
        assertThat(out.toString()).contains("batch batch_1 cancelled");
        assertThat(folder.resolve("state")).isDirectoryContaining("glob:**.millrace");
    }

    @Test
    void answersOfABatchThatRunsAreNotThereYet() {
        // Given
        run("submit", file.toString());
        // Then
        assertThat(run("results", "batch_1")).isEqualTo(ExitCodes.FAILED);
        assertThat(err.toString()).startsWith("millrace: nothing yet: batch batch_1 in_progress");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "submit @none.jsonl              | none.jsonl: there is no such file",
                "submit @empty.jsonl             | empty.jsonl: must have 1 to",
                "submit @words.jsonl             | words.jsonl: line 1 is no line of a batch",
                "submit @object.jsonl            | object.jsonl: line 1 has no url; --endpoint",
                "submit @in.jsonl --url nowhere | --url: must be an address",
                "status batch_7                 | GET /v1/batches/batch_7 answered 404: no such",
                "status ../files                | '../files' is no id of a batch",
                "results batch_1 --out @no/x     | --out: there is no folder for",
            })
    void whatMustBePutRightIsToldInOneLine(String line, String reason) throws IOException {
        // Given
        Files.createFile(folder.resolve("empty.jsonl"));
        Files.writeString(folder.resolve("words.jsonl"), "no JSON\n");
        Files.writeString(folder.resolve("object.jsonl"), "{}\n");
        String place = folder + "/";
        // When
        int code = run(line.replace("@", place).split(" ", -1));
        // Then
        assertThat(code).as(err.toString()).isEqualTo(ExitCodes.REFUSED);
        assertThat(err.toString().lines()).singleElement().asString().contains(reason);
    }

    @Test
    void apiThatIsNotThereIsToldInOneLine() {
        // Given
        played.close();
        // Then
        assertThat(run("submit", file.toString())).isEqualTo(ExitCodes.FAILED);
        assertThat(err.toString().lines())
                .singleElement()
                .asString()
                .contains("cannot reach http://127.0.0.1:")
                .contains("the same command again goes on");
    }

    private int run(String... arguments) {
        List<String> line = new ArrayList<>(List.of("batch"));
        line.addAll(List.of(arguments));
        line.add("--key=k");
        if (!line.contains("--url")) {
            line.add("--url=" + played.address());
        }
        return Commands.in(Lifetime.withoutSignals())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
    }
}
