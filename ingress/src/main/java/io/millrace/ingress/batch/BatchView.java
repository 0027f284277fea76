package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.id.BatchId;
import java.util.Optional;
import java.util.Set;

/** What an owner can see of the view partition it owns. Thread-safe. */
interface BatchView {

    /**
     * Returns after every record committed so far to the partition can be seen.
     *
     * @throws RuntimeException when it cannot be in time, or the partition is not ours
     */
    void readToEnd();

    /** Returns the batches of the partition that have not ended. */
    Set<BatchId> unfinished();

    /** Returns a batch as it was last seen. */
    Optional<BatchState> batch(BatchId batch);

    /** Returns how far the lines of a batch have come that has not ended. */
    Progress progress(BatchId batch);
}
