package io.millrace.ingress.jobs;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The partitions of the view that this process holds at the moment. Thread-safe. */
final class HeldPartitions {

    private final Map<ViewPartition, Held> held = new ConcurrentHashMap<>();

    void add(Held partition) {
        held.put(partition.partition(), partition);
    }

    void remove(Held partition) {
        held.remove(partition.partition(), partition);
    }

    Optional<Held> find(ViewPartition partition) {
        return Optional.ofNullable(held.get(partition));
    }

    /**
     * Returns a partition.
     *
     * @throws UnavailableException when this process does not hold it now
     */
    Held get(ViewPartition partition) {
        return find(partition)
                .orElseThrow(() ->
                        new UnavailableException(
                                "This part of the job view is being restored.",
                                Duration.ofSeconds(1)));
    }

    Set<ViewPartition> numbers() {
        return Set.copyOf(held.keySet());
    }

    Collection<Held> all() {
        return held.values();
    }
}
