package io.millrace.usageaggregator.query;

import java.time.Duration;

/** Is told of every question of a client. Thread-safe. */
@FunctionalInterface
public interface QueryObserver {

    /**
     * A question was answered.
     *
     * @param report {@code completions}, {@code embeddings} or {@code costs}
     * @param status HTTP status of the answer
     */
    void answered(String report, int status, Duration took);
}
