package io.millrace.usageaggregator.usage;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The cube before Kafka Streams has one: unavailable until it is told where the cells are. So the
 * server can listen, and its port be known, while the rest still starts. Thread-safe.
 */
public final class LateCube implements Cube, Instances {

    private final AtomicReference<Optional<StreamsCube>> cube =
            new AtomicReference<>(Optional.empty());

    /** Answers from that cube from now on. */
    public void arrive(StreamsCube arrived) {
        cube.set(Optional.of(arrived));
    }

    @Override
    public void scan(Set<Integer> partitions, Scope scope, Span span, Consumer<Cell> visitor) {
        arrived().scan(partitions, scope, span, visitor);
    }

    @Override
    public Holders holders(Scope scope) {
        return arrived().holders(scope);
    }

    private StreamsCube arrived() {
        return cube.get().orElseThrow(() -> new CubeUnavailableException("still starting"));
    }
}
