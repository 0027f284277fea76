package io.millrace.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SubmissionLogTest {

    private static final Submission UPLOADED = Submission.begun("one").uploaded("file-1");
    private static final Submission ASKED = UPLOADED.asked(Instant.parse("2026-01-01T00:00:00Z"));

    private final Path file;

    SubmissionLogTest(@TempDir Path folder) {
        this.file = folder.resolve("not yet there").resolve("log");
    }

    @Test
    void lastStepIsReadBack() throws IOException {
        // Given
        append(UPLOADED, ASKED, ASKED.created("batch_1"));
        // Then
        try (SubmissionLog log = SubmissionLog.open(file)) {
            assertThat(log.last()).contains(ASKED.created("batch_1"));
        }
    }

    @Test
    void stepThatWasCutOffIsNotTaken() throws IOException {
        // Given
        append(UPLOADED);
        Files.writeString(file, "\n{\"submission\":\"one\",\"fi", StandardOpenOption.APPEND);
        // Then
        try (SubmissionLog log = SubmissionLog.open(file)) {
            assertThat(log.last()).contains(UPLOADED);
            log.append(ASKED);
            assertThat(log.last()).contains(ASKED);
        }
    }

    @Test
    void whatIsForgottenIsNotThere() throws IOException {
        // Given
        append(UPLOADED);
        // When
        try (SubmissionLog log = SubmissionLog.open(file)) {
            log.forget();
            // Then
            assertThat(log.last()).isEmpty();
        }
    }

    private void append(Submission... steps) throws IOException {
        try (SubmissionLog log = SubmissionLog.open(file)) {
            for (Submission step : steps) {
                log.append(step);
            }
        }
    }
}
