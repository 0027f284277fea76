package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.routing.Capacity;
import java.time.Duration;
import java.util.List;

/** What execution tells the outside. Thread-safe. */
public interface ExecutionMeters {

    /** A call to a provider ended. */
    void called(String provider, Outcome outcome, Duration took);

    /** The outcome of an attempt was handed over to its slot's next owner. */
    void handedOver(String outcome);

    /**
     * The wait for the outcome of another owner's attempt is over.
     *
     * @param how {@code told}, or why it was given up
     */
    void adopted(String how);

    /** How all targets stand, told once a second. */
    default void targets(List<Capacity.Standing> standings) {}
}
