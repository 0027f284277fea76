package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchInputError;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The steps of a batch from one recorded state to the next. */
final class Transition {

    private Transition() {}

    /** Its input is sound: its lines begin to run. */
    static BatchState validated(BatchState batch, int lines, long tokens, Instant now) {
        return BatchState.newBuilder(batch)
                .setStatus(BatchStatus.IN_PROGRESS)
                .setTotalLines(lines)
                .setQueuedTokens(tokens)
                .setInProgressAt(now)
                .build();
    }

    /** Its input is not sound. */
    static BatchState failed(BatchState batch, List<BatchInputError> errors, Instant now) {
        return BatchState.newBuilder(batch)
                .setStatus(BatchStatus.FAILED)
                .setErrors(errors)
                .setFailedAt(now)
                .build();
    }

    /**
     * Its lines up to one are in the lane.
     *
     * @param line number of that line
     * @param end byte offset in the input behind it
     */
    static BatchState expanded(BatchState batch, int line, long end) {
        return BatchState.newBuilder(batch).setExpandedLines(line).setExpandedBytes(end).build();
    }

    /** Whether its lines can still be told to end. */
    static boolean isCancellable(BatchState batch) {
        return switch (batch.getStatus()) {
            case VALIDATING, IN_PROGRESS -> true;
            case CANCELLING, FINALIZING, FAILED, COMPLETED, EXPIRED, CANCELLED, UNKNOWN -> false;
        };
    }

    /** Its client wishes that its lines end: those that have not are told to. */
    static BatchState cancelling(BatchState batch, Instant now) {
        return BatchState.newBuilder(batch)
                .setStatus(BatchStatus.CANCELLING)
                .setCancellingAt(now)
                .build();
    }

    /** All its lines have ended. */
    static BatchState finalizing(BatchState batch, Progress progress, Instant now) {
        return counted(batch, progress)
                .setStatus(BatchStatus.FINALIZING)
                .setFinalizingAt(now)
                .build();
    }

    /** Its files are written. */
    static BatchState ended(
            BatchState batch,
            Progress progress,
            Optional<String> outputFileId,
            Optional<String> errorFileId,
            Instant now) {
        BatchState.Builder ended =
                counted(batch, progress)
                        .setUsage(progress.tokens().toRecord())
                        .setCostNanoUsd(progress.costNanoUsd())
                        .setOutputFileId(outputFileId.orElse(null))
                        .setErrorFileId(errorFileId.orElse(null));
        if (batch.getCancellingAt() != null) {
            return ended.setStatus(BatchStatus.CANCELLED).setCancelledAt(now).build();
        }
        if (progress.expired() > 0) {
            return ended.setStatus(BatchStatus.EXPIRED).setExpiredAt(now).build();
        }
        return ended.setStatus(BatchStatus.COMPLETED).setCompletedAt(now).build();
    }

    private static BatchState.Builder counted(BatchState batch, Progress progress) {
        return BatchState.newBuilder(batch)
                .setCompletedLines(progress.completed())
                .setFailedLines(progress.notCompleted());
    }
}
