package io.millrace.ingress.batch;

import static io.millrace.ingress.batch.Records.BATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.ingress.files.FileBlobs;
import io.millrace.ingress.files.MemoryView;
import io.millrace.ingress.submission.Cancellation;
import io.millrace.schemas.avro.BatchInputError;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Owners on a log in memory that forgets, fails and lies about whether it recorded. */
class PartitionOwnerTest {

    private static final BatchLimits LIMITS = new BatchLimits(5000, 100_000);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path directory;

    private DirectoryBlobStore blobs;
    private FakePartition partition;
    private final MemoryView log = new MemoryView();
    private final List<PartitionOwner> owners = new ArrayList<>();

    static LongStream seeds() {
        return LongStream.range(0, 8);
    }

    @BeforeEach
    void makeThePartition() {
        blobs = new DirectoryBlobStore(directory);
        partition = new FakePartition();
    }

    @AfterEach
    void stopTheOwner() {
        stop();
    }

    @Test
    void soundBatchIsExpandedAwaitedAndGivenItsFiles() throws IOException {
        // Given
        upload(TestInput.lines(1100));
        partition.answer(line -> line % 10 == 0 ? JobStatus.FAILED : JobStatus.COMPLETED);
        start();

        // When
        partition.create(Records.validating());
        BatchState ended = partition.awaitEnd(PATIENCE);

        // Then
        assertThat(ended.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(ended.getTotalLines()).isEqualTo(1100);
        assertThat(ended.getCompletedLines()).isEqualTo(990);
        assertThat(ended.getFailedLines()).isEqualTo(110);
        assertThat(ended.getUsage().getInputTokens()).isEqualTo(11_000);
        assertThat(ended.getCostNanoUsd()).isEqualTo(7_700);
        assertThat(partition.files())
                .extracting(FileState::getFileId)
                .containsExactlyInAnyOrder(ended.getOutputFileId(), ended.getErrorFileId());
        assertThat(partition.statuses())
                .containsExactly(
                        BatchStatus.VALIDATING,
                        BatchStatus.IN_PROGRESS,
                        BatchStatus.FINALIZING,
                        BatchStatus.COMPLETED);
    }

    @Test
    void batchWhoseLinesAllFailedIsCompletedWithoutOutput() throws IOException {
        // Given
        upload(TestInput.lines(3));
        partition.answer(_ -> JobStatus.FAILED);
        start();

        // When
        partition.create(Records.validating());
        BatchState ended = partition.awaitEnd(PATIENCE);

        // Then
        assertThat(ended.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(ended.getOutputFileId()).isNull();
        assertThat(ended.getErrorFileId()).isNotNull();
    }

    @Test
    void batchWithLinesThatExpiredExpiresAndKeepsWhatFinished() throws IOException {
        // Given
        upload(TestInput.lines(4));
        partition.answer(line -> line > 2 ? JobStatus.EXPIRED : JobStatus.COMPLETED);
        start();

        // When
        partition.create(Records.validating());
        BatchState ended = partition.awaitEnd(PATIENCE);

        // Then
        assertThat(ended.getStatus()).isEqualTo(BatchStatus.EXPIRED);
        assertThat(ended.getExpiredAt()).isNotNull();
        assertThat(ended.getOutputFileId()).isNotNull();
        assertThat(ended.getErrorFileId()).isNotNull();
    }

    @Test
    void cancelledBatchTellsItsLinesToEndAndKeepsWhatFinished() throws Exception {
        // Given
        upload(TestInput.lines(3));
        partition.hold();
        start();
        partition.create(Records.validating());
        partition.awaitLines(3, PATIENCE);

        // When
        BatchState cancelling = owners.getFirst().cancel(BATCH).get();
        BatchState again = owners.getFirst().cancel(BATCH).get();
        partition.endAll(JobStatus.CANCELLED);
        BatchState ended = partition.awaitEnd(PATIENCE);
        BatchState tooLate = owners.getFirst().cancel(BATCH).get();

        // Then
        assertThat(cancelling.getStatus()).isEqualTo(BatchStatus.CANCELLING);
        assertThat(again).isEqualTo(cancelling);
        assertThat(ended.getStatus()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(ended.getCancellingAt()).isEqualTo(Records.NOW);
        assertThat(ended.getCancelledAt()).isEqualTo(Records.NOW);
        assertThat(ended.getFailedLines()).isEqualTo(3);
        assertThat(ended.getErrorFileId()).isNotNull();
        assertThat(tooLate).isEqualTo(ended);
        assertThat(log.cancels()).extracting(Cancel::getId).containsExactly(BATCH.value());
    }

    @Test
    void nextOwnerTellsTheLinesOfACancelledBatchOnceMore() throws Exception {
        // Given
        upload(TestInput.lines(3));
        partition.hold();
        start();
        partition.create(Records.validating());
        partition.awaitLines(3, PATIENCE);
        owners.getFirst().cancel(BATCH).get();

        // When
        stop();
        start();
        partition.endAll(JobStatus.CANCELLED);

        // Then
        assertThat(partition.awaitEnd(PATIENCE).getStatus()).isEqualTo(BatchStatus.CANCELLED);
        assertThat(log.cancels()).allMatch(wish -> wish.getId().equals(BATCH.value()));
    }

    @Test
    void unsoundBatchFailsBeforeAnyLineRuns() throws IOException {
        // Given
        upload(TestInput.lines(2) + TestInput.line("c1") + "\n");
        start();

        // When
        partition.create(Records.validating());
        BatchState ended = partition.awaitEnd(PATIENCE);

        // Then
        assertThat(ended.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(ended.getErrors()).extracting(BatchInputError::getLine).containsExactly(3);
        assertThat(partition.lines()).isEmpty();
    }

    @Test
    void batchWhoseInputIsGoneFails() {
        // Given
        start();

        // When
        partition.create(Records.validating());

        // Then
        assertThat(partition.awaitEnd(PATIENCE).getErrors())
                .extracting(BatchInputError::getCode)
                .containsExactly("file_not_found");
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void ownersThatDieAnywhereLoseAndRepeatNoLine(long seed) throws IOException {
        // Given
        Random random = new Random(seed);
        upload(TestInput.lines(2700));
        partition.answer(line -> line % 7 == 0 ? JobStatus.FAILED : JobStatus.COMPLETED);
        partition.create(Records.validating());

        // When: each owner's log is lost at its second entry or so, recorded or not
        start();
        for (int death = 0; death < 6; death++) {
            partition.loseLogAt(random.nextInt(3), random.nextBoolean());
            partition.awaitLoss(PATIENCE);
            if (random.nextBoolean()) {
                stop();
                start();
            }
        }
        BatchState ended = partition.awaitEnd(PATIENCE);

        // Then
        List<String> lines = partition.lines().stream().map(Submit::getJobId).toList();
        assertThat(lines).as("seed %d", seed).hasSize(2700);
        assertThat(new HashSet<>(lines)).hasSize(2700);
        assertThat(ended.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(ended.getCompletedLines() + ended.getFailedLines()).isEqualTo(2700);
        assertThat(partition.result(new JobId(BATCH.line(1).value()))).isPresent();
    }

    private void stop() {
        owners.forEach(PartitionOwner::stop);
        owners.forEach(owner -> owner.join(PATIENCE));
        owners.clear();
    }

    private void start() {
        Agenda agenda = new Agenda();
        partition.listen(agenda);
        PartitionOwner started =
                new PartitionOwner(
                        Records.PARTITION,
                        agenda,
                        partition,
                        partition,
                        _ -> {},
                        new BatchWork(
                                LIMITS,
                                (_, _) -> 1,
                                partition::result,
                                blobs,
                                new Cancellation(log, new Slots(8)),
                                () -> Records.NOW),
                        new BatchMeters(new SimpleMeterRegistry()),
                        Duration.ofMillis(5));
        started.start();
        owners.add(started);
    }

    private void upload(String file) throws IOException {
        blobs.put(FileBlobs.key(Records.INPUT), TestInput.stream(file));
    }
}
