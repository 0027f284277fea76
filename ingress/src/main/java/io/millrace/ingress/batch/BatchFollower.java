package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchLine;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.JobId;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Follows the batches of one view partition: which have not ended, and how far their lines are.
 *
 * <p>Its events come from the one thread that applies the partition; its answers may be asked for
 * from any.
 */
final class BatchFollower {

    /** Who wants to know. The calls come from the applying thread and must return at once. */
    interface Listener {

        /** A batch was created, or its state recorded. */
        void changed(BatchId batch);

        /** A line of a batch has ended. */
        void progressed(BatchId batch);
    }

    private final BatchStore store;
    private final Function<String, Optional<JobsRecord>> records;
    private final Listener listener;
    private final Set<BatchId> open = ConcurrentHashMap.newKeySet();
    private final Map<BatchId, Progress> progress = new ConcurrentHashMap<>();

    /**
     * Begins with what the store kept.
     *
     * @param records what was accepted under an id, as far as it was applied
     */
    BatchFollower(
            BatchStore store, Function<String, Optional<JobsRecord>> records, Listener listener) {
        this.store = store;
        this.records = records;
        this.listener = listener;
        open.addAll(store.open());
        progress.putAll(store.progress());
    }

    /** Returns the batches that have not ended. */
    Set<BatchId> open() {
        return Set.copyOf(open);
    }

    /** Returns how far the lines of a batch are that has not ended. */
    Progress progress(BatchId batch) {
        return progress.getOrDefault(batch, Progress.NONE);
    }

    /** A record of {@code jobs} was applied. */
    void accepted(String id, JobsRecord record) {
        BatchState batch = record.getBatch();
        if (batch != null) {
            BatchId.parse(id).ifPresent(batchId -> accepted(batchId, batch));
        }
    }

    private void accepted(BatchId id, BatchState batch) {
        if (hasEnded(batch)) {
            close(id);
        } else {
            store.open(id);
            open.add(id);
        }
        listener.changed(id);
    }

    /** An id was deleted from {@code jobs}. */
    void forgotten(String id) {
        BatchId.parse(id).ifPresent(this::close);
    }

    /** A terminal state was applied. */
    void ended(JobId id, InferenceResult result) {
        BatchLine line = result.getBatchLine();
        if (line == null) {
            return;
        }
        Optional<BatchId> batch = BatchId.parse(line.getBatchId()).filter(b -> isLine(b, line, id));
        if (batch.isEmpty() || over(batch.get())) {
            return;
        }
        LineEnd end = LineEnd.of(result);
        if (store.end(batch.get(), line.getLine(), end)) {
            progress.merge(batch.get(), Progress.of(end), Progress::plus);
            listener.progressed(batch.get());
        }
    }

    // A batch that is not known yet is not over: after a crash its results may come first.
    private boolean over(BatchId batch) {
        return !open.contains(batch)
                && records.apply(batch.value())
                        .map(JobsRecord::getBatch)
                        .filter(BatchFollower::hasEnded)
                        .isPresent();
    }

    private void close(BatchId batch) {
        store.close(batch);
        open.remove(batch);
        progress.remove(batch);
    }

    private static boolean isLine(BatchId batch, BatchLine line, JobId id) {
        return line.getLine() > 0 && batch.line(line.getLine()).equals(id);
    }

    static boolean hasEnded(BatchState batch) {
        return NextStep.of(batch, Progress.NONE) == NextStep.NONE;
    }
}
