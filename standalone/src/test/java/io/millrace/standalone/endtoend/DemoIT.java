package io.millrace.standalone.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace demo} and {@code millrace bench}, in small. */
@Timeout(300)
final class DemoIT {

    private static final Duration DONE = Duration.ofMinutes(2);

    private final Path folder;

    DemoIT(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void demoFindsThePassageThatAnswers() throws IOException {
        // Given
        Path documents = Files.createDirectory(folder.resolve("documents"));
        Files.writeString(documents.resolve("water.md"), "A millrace leads water to the wheel.");
        Files.writeString(
                documents.resolve("marks.html"),
                "<h1>Names</h1><p>The trademark must not be used without permission.</p>");
        Files.writeString(documents.resolve("Bread.java"), "// Bread is baked from flour.");
        // When
        try (MillraceProcess demo =
                MillraceProcess.start(
                        folder.resolve("logs"),
                        List.of(
                                "demo",
                                "--documents",
                                documents.toString(),
                                "--data",
                                folder.resolve("data").toString(),
                                "--ask",
                                "May I use the trademark?"))) {
            // Then
            assertThat(demo.exitCode(DONE)).as(demo.out() + demo.err()).isZero();
            assertThat(demo.out()).contains("3 passages done, 0 failed").contains("(equal)");
            List<String> answers =
                    demo.out()
                            .lines()
                            .dropWhile(line -> !line.startsWith("\"May I"))
                            .skip(1)
                            .toList();
            assertThat(answers.getFirst()).contains("marks.html");
        }
    }

    @Test
    void demoIsStoppedWithinFiveSeconds() {
        // Given
        try (MillraceProcess demo =
                MillraceProcess.start(
                        folder.resolve("logs"),
                        List.of("demo", "--data", folder.resolve("data").toString()))) {
            Await.until(
                    "progress",
                    Duration.ofSeconds(60),
                    () -> demo.out().contains(" passages, 0 failed"));
            // When
            demo.terminate();
            // Then
            demo.exitCode(Duration.ofSeconds(5));
        }
    }

    @Test
    void benchRunsThrough() {
        // When
        try (MillraceProcess bench =
                MillraceProcess.start(
                        folder.resolve("logs"),
                        List.of("bench", "--quick", "--data", folder.resolve("data").toString()))) {
            // Then
            assertThat(bench.exitCode(DONE)).as(bench.out() + bench.err()).isZero();
            assertThat(bench.out()).contains("end to end, instant provider").contains("bench.json");
        }
    }
}
