package io.millrace.ingress.submission;

import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.ViewPartition;

/**
 * Appends records of one view partition that are made once: one writer at a time, whoever opened it
 * last. To be used by one thread at a time.
 */
public interface RecordLog extends AutoCloseable {

    /** Opens logs. */
    @FunctionalInterface
    interface Opener {

        /**
         * Opens the log of a partition; from then on every former opener is refused, and what it
         * left open is ended.
         *
         * @throws RuntimeException when that cannot be done
         */
        RecordLog open(ViewPartition partition);
    }

    /**
     * Appends a record to {@code jobs}.
     *
     * @throws RuntimeException when it is not known whether it was: only who opens the log anew can
     *     tell
     */
    void write(String id, JobsRecord record);

    @Override
    void close();
}
