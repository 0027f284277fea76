package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.TenantId;
import java.util.List;

/**
 * Where the owner of a view partition records what it did. Whoever opened it last is the only one
 * who can: a former owner is refused. Not thread-safe.
 */
interface BatchLog extends AutoCloseable {

    /**
     * Records all of it or nothing.
     *
     * @throws LostLogException when it was not, or it is not known whether it was; then this log is
     *     of no more use
     */
    void record(Entry entry);

    @Override
    void close();

    /**
     * What a step of a batch records, together.
     *
     * @param batch the batch's new state
     * @param lines jobs for the tenant's batch lane, in order
     * @param files files that the step made
     */
    record Entry(BatchState batch, List<Submit> lines, List<FileState> files) {

        public Entry {
            lines = List.copyOf(lines);
            files = List.copyOf(files);
        }

        /** Returns an entry of a new state alone. */
        static Entry of(BatchState batch) {
            return new Entry(batch, List.of(), List.of());
        }

        TenantId tenant() {
            return new TenantId(batch.getTenant());
        }
    }

    /** Opens the logs of view partitions. */
    @FunctionalInterface
    interface Opener {

        /**
         * Opens the log of a partition and shuts out whoever had it before.
         *
         * @throws LostLogException when it cannot be opened
         */
        BatchLog open(io.millrace.schemas.id.ViewPartition partition);
    }
}
