package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.ViewPartition;

/**
 * Keeps records of batches and files that came with idempotency keys, each once. Implementations
 * are thread-safe.
 */
@FunctionalInterface
public interface RecordKeeper {

    /**
     * Keeps a record under an id unless there is one, and returns the one that is there then: what
     * was left of a deleted one too.
     *
     * @throws io.millrace.ingress.http.UnavailableException when that cannot be said: it may be
     *     kept all the same
     */
    JobsRecord keep(ViewPartition partition, String id, JobsRecord record);
}
