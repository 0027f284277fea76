package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import java.time.Duration;

/** What execution tells the outside. Thread-safe. */
public interface ExecutionMeters {

    /** A call to a provider ended. */
    void called(String provider, Outcome outcome, Duration took);
}
