package io.millrace.standalone.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.standalone.client.PlayedApi.Create;
import io.millrace.standalone.client.Submitter.Submitted;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever ends a submission early: the same file again has one batch. */
@Timeout(180)
final class SubmitterTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private final PlayedApi played = new PlayedApi();
    private final ApiClient api = new ApiClient(played.address(), "key");
    private final AtomicInteger ids = new AtomicInteger();
    private final Path folder;
    private final BatchInput input;

    SubmitterTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        Path file =
                Files.writeString(
                        folder.resolve("in.jsonl"),
                        """
                        {"custom_id": "1", "method": "POST", "url": "/v1/embeddings", "body": {"input": "x"}}
                        """);
        this.input = BatchInput.of(file, "", "24h");
    }

    @AfterEach
    void close() {
        api.close();
        played.close();
    }

    @Test
    void sameFileIsAttachedToItsBatch() throws InterruptedException {
        // When
        Submitted first = submit(NOW);
        Submitted second = submit(NOW);
        // Then
        assertThat(first.attached()).isFalse();
        assertThat(second.attached()).isTrue();
        assertThat(second.batch().id()).isEqualTo(first.batch().id());
        assertThat(played.uploads()).isEqualTo(1);
    }

    @Test
    void fileThatWasChangedIsAnotherBatch() throws Exception {
        // Given
        submit(NOW);
        Files.writeString(input.file(), Files.readString(input.file()).replace("\"x\"", "\"y\""));
        // When
        Submitted other =
                submitter(NOW).submit(BatchInput.of(input.file(), "", "24h"), folder, false);
        // Then
        assertThat(other.attached()).isFalse();
        assertThat(played.batches()).hasSize(2);
    }

    @Test
    void batchWhoseAnswerWasLostIsFoundAgain() throws InterruptedException {
        // Given
        played.next(Create.ANSWER_LOST);
        assertThatThrownBy(() -> submit(NOW)).isInstanceOf(ApiException.class);
        otherBatch();
        // When
        Submitted again = submit(NOW);
        // Then
        assertThat(again.attached()).isTrue();
        assertThat(again.batch().id()).isEqualTo("batch_1");
    }

    @Test
    void createThatIsStillOnItsWayIsWaitedFor() throws InterruptedException {
        // Given
        played.next(Create.LATE);
        assertThatThrownBy(() -> submit(NOW)).isInstanceOf(ApiException.class);
        // When
        Submitted again = submit(NOW.plusSeconds(1));
        // Then
        assertThat(again.attached()).isTrue();
        assertThat(played.batches()).hasSize(1);
    }

    @Test
    void createThatNeverArrivedIsSentAgainWithTheSameFile() throws InterruptedException {
        // Given
        played.next(Create.LOST);
        assertThatThrownBy(() -> submit(NOW)).isInstanceOf(ApiException.class);
        // When
        Submitted again = submit(NOW.plusSeconds(15));
        // Then
        assertThat(again.attached()).isFalse();
        assertThat(played.batches()).hasSize(1);
        assertThat(played.uploads()).isEqualTo(1);
    }

    @Test
    void refusedCreateLeavesNothingBehind() throws InterruptedException {
        // Given
        played.next(Create.REFUSED);
        assertThatThrownBy(() -> submit(NOW))
                .hasMessage("POST /v1/batches answered 400: completion_window must be shorter")
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.usersFault()).isTrue());
        // When
        Submitted again = submit(NOW);
        // Then
        assertThat(again.attached()).isFalse();
        assertThat(played.batches()).hasSize(1);
    }

    @Test
    void batchThatTheApiForgotIsBegunAnew() throws InterruptedException {
        // Given
        submit(NOW);
        played.forget();
        // Then
        assertThat(submit(NOW).attached()).isFalse();
    }

    @Test
    void anotherBatchIsBegunWhereItIsAskedFor() throws InterruptedException {
        // Given
        submit(NOW);
        // Then
        assertThat(submitter(NOW).submit(input, folder, true).attached()).isFalse();
        assertThat(played.batches()).hasSize(2);
    }

    @Test
    void twoProcessesDoNotSubmitTheSameFileAtOnce() throws Exception {
        // Given
        try (SubmissionLog other = SubmissionLog.open(folder.resolve(input.stateName(api)))) {
            assertThat(other.last()).isEmpty();
            // Then
            assertThatThrownBy(() -> submit(NOW))
                    .isInstanceOf(RefusedException.class)
                    .hasMessageContaining("another process is submitting the same file");
        }
    }

    private void otherBatch() throws InterruptedException {
        new Batches(api).create("file-1", "/v1/embeddings", "24h", "another submission");
    }

    private Submitted submit(Instant now) throws InterruptedException {
        return submitter(now).submit(input, folder, false);
    }

    private Submitter submitter(Instant now) {
        return new Submitter(
                api, InstantSource.fixed(now), () -> "submission-" + ids.incrementAndGet());
    }
}
