package io.millrace.ingress.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.function.IntSupplier;

/** The meters of the view, made by whoever knows their names. */
public interface ViewMeters {

    /** From the writing of a record to its being applied. */
    Timer delay();

    /** Records that could not be decoded and were left out. */
    Counter undecodable();

    /** Begins to show how many requests wait and how many partitions are held. */
    void bind(IntSupplier waiting, IntSupplier heldPartitions);
}
