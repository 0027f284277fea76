package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code millrace batch} and {@code millrace documents}, as typed by somebody who is interrupted.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
final class BatchCommandIT {

    private static final Duration DONE = Duration.ofMinutes(2);
    private static final int LINES = 40;

    private final Path folder;
    private final Cluster cluster;
    private String address = "";

    BatchCommandIT(@TempDir Path folder) {
        this.folder = folder;
        this.cluster = Cluster.start(folder);
    }

    @BeforeAll
    void startServices() {
        MillraceProcess ingress = cluster.begin("ingress", "ingress");
        cluster.ready(ingress, cluster.begin("dispatcher", "dispatcher"));
        address = ingress.address().orElseThrow();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void batchThatWasLeftIsTakenUpAgainAndCarriedOutOnce() throws IOException {
        // Given
        Path input =
                Files.writeString(
                        folder.resolve("lines.jsonl"),
                        IntStream.range(0, LINES)
                                .mapToObj(BatchCommandIT::line)
                                .collect(Collectors.joining()));
        // When
        try (MillraceProcess left = run("batch", "submit", input.toString(), "--wait")) {
            Await.until("a batch", DONE, () -> left.out().contains("is begun"));
            left.terminate();
            // Then
            assertThat(left.exitCode(DONE)).as(left.out() + left.err()).isEqualTo(1);
            assertThat(left.err()).contains("the same command again goes on");
        }
        String ended = done("batch", "submit", input.toString(), "--wait");
        assertThat(ended)
                .contains("was begun before")
                .contains("%d lines, %<d done, 0 failed".formatted(LINES));
        String id = ended.split(" ", 3)[1];
        Path answers = folder.resolve("answers.jsonl");
        done("batch", "results", id, "--out", answers.toString());
        assertThat(answers).content().hasLineCount(LINES);
        assertThat(done("batch", "status", id)).contains("completed");
        assertThat(cluster.calls())
                .filteredOn(call -> call.started().model().equals("sim-6s"))
                .hasSize(LINES);
    }

    @Test
    void documentsAreAskedAboutOnceAndThoseThatChangeAgain() throws IOException {
        // Given
        Path texts = Files.createDirectory(folder.resolve("texts"));
        Files.writeString(texts.resolve("a.md"), "The mill turns.");
        Files.writeString(texts.resolve("b.html"), "<p>The wheel stands still.</p>");
        Path results = folder.resolve("results");
        String[] command = {
            "documents", texts.toString(), "--model", "fast", "--out", results.toString()
        };
        // When
        String first = done(command);
        FileTime written = Files.getLastModifiedTime(results.resolve("b.html.txt"));
        Files.writeString(texts.resolve("a.md"), "The mill turned.");
        String second = done(command);
        // Then
        assertThat(first).contains("2 new or changed").contains("2 done, 0 failed");
        assertThat(second).contains("1 new or changed").contains("1 done, 0 failed");
        assertThat(results.resolve("a.md.txt")).isNotEmptyFile();
        assertThat(Files.getLastModifiedTime(results.resolve("b.html.txt"))).isEqualTo(written);
        assertThat(done(command)).contains("0 new or changed").doesNotContain("batch");
    }

    private static String line(int number) {
        return """
        {"custom_id": "line-%1$d", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "long", "messages": [{"role": "user", "content": "n%1$d"}]}}
        """
                .formatted(number);
    }

    private String done(String... arguments) {
        try (MillraceProcess process = run(arguments)) {
            assertThat(process.exitCode(DONE)).as(process.out() + process.err()).isZero();
            return process.out();
        }
    }

    private MillraceProcess run(String... arguments) {
        List<String> line = new ArrayList<>(Arrays.asList(arguments));
        line.addAll(List.of("--url", address));
        return MillraceProcess.start(
                folder.resolve("logs"), Map.of("MILLRACE_API_KEY", Cluster.KEY), line);
    }
}
