package io.millrace.dispatcher.execution;

import io.millrace.schemas.avro.Handoff;

/** Where outcomes are left for a slot's next owner. Thread-safe. */
@FunctionalInterface
interface HandoffLog {

    /**
     * Returns once all replicas have the entry.
     *
     * @throws RuntimeException when that is not certain
     */
    void append(int slot, Handoff entry);
}
