package io.millrace.dispatcher.execution;

import io.millrace.schemas.avro.AttemptsRecord;

/** Where attempts are written down. Thread-safe. */
interface AttemptLog {

    /**
     * Returns once all replicas have the entry, with its offset.
     *
     * @throws RuntimeException when that is not certain
     */
    long append(int slot, String job, AttemptsRecord entry);
}
