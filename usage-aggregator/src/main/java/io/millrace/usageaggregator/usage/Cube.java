package io.millrace.usageaggregator.usage;

import java.util.Set;
import java.util.function.Consumer;

/** The cells that this instance holds. Thread-safe. */
public interface Cube {

    /**
     * Shows every cell of a span that those partitions hold, in no particular order.
     *
     * @throws CubeUnavailableException when one of them cannot be read here at the moment
     */
    void scan(Set<Integer> partitions, Scope scope, Span span, Consumer<Cell> visitor);
}
