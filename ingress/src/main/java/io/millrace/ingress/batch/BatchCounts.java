package io.millrace.ingress.batch;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.jobs.JobView;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.id.BatchId;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells how many lines of a batch have ended: of one that runs its owner knows, of any other its
 * state. Thread-safe.
 */
final class BatchCounts {

    /** Where an owner answers; the id follows. */
    static final String PATH = "/internal/batches/";

    private final JobView view;
    private final Function<BatchId, Optional<Progress>> local;

    /**
     * Asks whoever owns a batch.
     *
     * @param local the progress of a batch that this process owns, none of any other
     */
    BatchCounts(JobView view, Function<BatchId, Optional<Progress>> local) {
        this.view = view;
        this.local = local;
    }

    /** Returns the counts of a batch as it was seen. */
    Counts of(BatchState batch) {
        boolean running =
                batch.getStatus() == BatchStatus.IN_PROGRESS
                        || batch.getStatus() == BatchStatus.CANCELLING;
        if (!running) {
            return Counts.recorded(batch);
        }
        BatchId id = new BatchId(batch.getBatchId());
        return local.apply(id)
                .map(Counts::of)
                .or(() -> remote(id))
                .orElseGet(() -> Counts.recorded(batch));
    }

    // A batch can be shown without its counts, while its owner changes.
    private Optional<Counts> remote(BatchId id) {
        try {
            return view.askOwner(id.viewPartition(), PATH + id).map(Counts::read);
        } catch (UnavailableException _) {
            return Optional.empty();
        }
    }
}
