package io.millrace.simulatedprovider.behaviour;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts calls with the same key, for as many keys as fit; then the key that was longest unused is
 * forgotten and begins anew. Thread-safe.
 */
public final class Repetitions {

    private final Map<Long, Long> counts;

    public Repetitions(int keys) {
        this.counts =
                new LinkedHashMap<>(16, 0.75f, true) {
                    private static final long serialVersionUID = 1;

                    @Override
                    protected boolean removeEldestEntry(Map.Entry<Long, Long> eldest) {
                        return size() > keys;
                    }
                };
    }

    /** How many calls with the key came before this one. */
    public synchronized long next(long key) {
        return counts.merge(key, 1L, Long::sum) - 1;
    }
}
