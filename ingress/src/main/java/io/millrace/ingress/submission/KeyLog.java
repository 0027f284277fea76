package io.millrace.ingress.submission;

import io.millrace.schemas.id.ViewPartition;
import java.util.List;

/**
 * Appends the jobs of one view partition that came with idempotency keys: one writer at a time,
 * whoever opened it last. To be used by one thread at a time.
 */
public interface KeyLog extends AutoCloseable {

    /** Opens logs. */
    @FunctionalInterface
    interface Opener {

        /**
         * Opens the log of a partition; from then on every former opener is refused, and what it
         * left open is ended.
         *
         * @throws RuntimeException when that cannot be done
         */
        KeyLog open(ViewPartition partition);
    }

    /**
     * Appends the records of those jobs, of all or of none.
     *
     * @throws RuntimeException when it is not known whether they were: only who opens the log anew
     *     can tell
     */
    void write(List<JobRecords> jobs);

    @Override
    void close();
}
