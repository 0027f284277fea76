package io.millrace.ingress.batch;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.id.ViewPartition;
import java.time.Instant;

/** The results of a view partition in the order in which they came to be. Thread-safe. */
interface EndedLog {

    /** Takes a result and where it lies. */
    @FunctionalInterface
    interface Handler {

        /** Takes one result; those of a partition come in their order. */
        void accept(long offset, InferenceResult result);
    }

    /**
     * Returns a partition as it is now; to be closed.
     *
     * @throws io.millrace.ingress.http.UnavailableException when it cannot be read now
     */
    Reading open(ViewPartition partition);

    /** A partition up to the end that it had at first. Not thread-safe. */
    interface Reading extends AutoCloseable {

        /** Returns the offset behind the last result. */
        long end();

        /** Returns an offset before which nothing ended at or after a time. */
        long since(Instant time);

        /** Passes on what lies between an offset and the end. */
        void read(long from, Handler handler);

        @Override
        void close();
    }
}
