package io.millrace.ingress.batch;

import io.millrace.ingress.files.FileBlobs;
import io.millrace.ingress.submission.Cancellation;
import io.millrace.schemas.avro.BatchInputError;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Does one step of a batch and says what is to be recorded of it. Doing a step again, because
 * nobody knows whether it was recorded, does no harm. Thread-safe.
 */
final class BatchWork {

    private final BatchLimits limits;
    private final Charge charge;
    private final BlobStore blobs;
    private final Expansion expansion;
    private final OutputFiles outputs;
    private final Cancellation cancellation;
    private final InstantSource clock;

    /**
     * Works within those limits.
     *
     * @param charge tells the most tokens that a line may use
     * @param results finds the result of a line that has ended
     * @param cancellation reaches the lines that have not
     */
    BatchWork(
            BatchLimits limits,
            Charge charge,
            Function<JobId, Optional<InferenceResult>> results,
            BlobStore blobs,
            Cancellation cancellation,
            InstantSource clock) {
        this.limits = limits;
        this.cancellation = cancellation;
        this.charge = charge;
        this.blobs = blobs;
        this.expansion = new Expansion(new ClaimCheck(blobs));
        this.outputs = new OutputFiles(results, blobs);
        this.clock = clock;
    }

    /** Tells what a line may cost its tenant's queue. */
    @FunctionalInterface
    interface Charge {

        /** Returns the most tokens that a line for that endpoint may use. */
        long tokens(String endpoint, InputLine line);
    }

    /** Checks the whole input. */
    BatchLog.Entry validate(BatchState batch) throws IOException {
        Verdict verdict;
        try (InputStream in = input(batch)) {
            verdict =
                    new InputCheck(
                                    batch.getEndpoint(),
                                    limits,
                                    line -> charge.tokens(batch.getEndpoint(), line))
                            .check(in);
        } catch (NoSuchFileException _) {
            verdict =
                    new Verdict.Unsound(
                            List.of(
                                    new BatchInputError(
                                            "file_not_found",
                                            "The input file was deleted.",
                                            null,
                                            "input_file_id")));
        }
        return BatchLog.Entry.of(
                switch (verdict) {
                    case Verdict.Sound(int lines, long tokens) ->
                            Transition.validated(batch, lines, tokens, clock.instant());
                    case Verdict.Unsound(List<BatchInputError> errors) ->
                            Transition.failed(batch, errors, clock.instant());
                });
    }

    /** Makes jobs of the next lines. */
    BatchLog.Entry expand(BatchState batch) throws IOException {
        try (InputStream in = input(batch)) {
            LineReader reader =
                    LineReader.behind(
                            in,
                            batch.getExpandedLines(),
                            batch.getExpandedBytes(),
                            limits.lineBytes());
            return expansion.next(batch, reader);
        }
    }

    /** Takes down that the batch is to end early. */
    BatchLog.Entry cancel(BatchState batch) {
        return BatchLog.Entry.of(Transition.cancelling(batch, clock.instant()));
    }

    /** Tells the owner of the slot to end all lines of a batch that have not. */
    void cancelLines(BatchState batch) {
        cancellation.wish(batch.getBatchId(), new TenantId(batch.getTenant()), clock.instant());
    }

    /** Takes down that all lines have ended. */
    BatchLog.Entry beginFinalizing(BatchState batch, Progress progress) {
        return BatchLog.Entry.of(Transition.finalizing(batch, progress, clock.instant()));
    }

    /** Writes the files and ends the batch. */
    BatchLog.Entry finish(BatchState batch, Progress progress) throws IOException {
        List<FileState> files = new ArrayList<>();
        Optional<FileState> output = outputs.write(batch, OutputFiles.Kind.OUTPUT, progress);
        Optional<FileState> errors = outputs.write(batch, OutputFiles.Kind.ERRORS, progress);
        output.ifPresent(files::add);
        errors.ifPresent(files::add);
        BatchState ended =
                Transition.ended(
                        batch,
                        progress,
                        output.map(FileState::getFileId),
                        errors.map(FileState::getFileId),
                        clock.instant());
        return new BatchLog.Entry(ended, List.of(), files);
    }

    private InputStream input(BatchState batch) throws IOException {
        return blobs.open(FileBlobs.input(batch));
    }
}
