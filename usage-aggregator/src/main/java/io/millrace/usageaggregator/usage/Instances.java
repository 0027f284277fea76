package io.millrace.usageaggregator.usage;

import java.net.URI;
import java.util.Map;
import java.util.Set;

/** The instances of the usage-aggregator, each of which holds some partitions. Thread-safe. */
public interface Instances {

    /**
     * Says who holds the cells of a scope.
     *
     * @throws CubeUnavailableException when some of them are held by no instance at the moment
     */
    Holders holders(Scope scope);

    /**
     * Who holds what: each partition is named once, so that no cell is counted twice.
     *
     * @param own partitions that this instance holds
     * @param others partitions by the address of the instance that holds them
     */
    record Holders(Set<Integer> own, Map<URI, Set<Integer>> others) {

        public Holders {
            own = Set.copyOf(own);
            others = Map.copyOf(others);
        }
    }
}
