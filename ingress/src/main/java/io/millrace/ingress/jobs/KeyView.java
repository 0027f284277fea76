package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import java.util.Optional;

/** What the owner of keys sees of the partitions that this process holds. Thread-safe. */
interface KeyView {

    /**
     * Returns what {@code jobs} says of an id as far as it was applied, the keys of deleted jobs
     * among it.
     *
     * @throws io.millrace.ingress.http.UnavailableException when its partition is not held here
     */
    Optional<JobsRecord> lookUp(ViewPartition partition, String id);

    /** The same of a job. */
    default Optional<JobsRecord> find(JobId id) {
        return lookUp(id.viewPartition(), id.value());
    }

    /**
     * Returns after everything is applied that was written to a partition before.
     *
     * @throws io.millrace.ingress.http.UnavailableException when it is not in time, or the
     *     partition is not held here
     */
    void readToEnd(ViewPartition partition);
}
