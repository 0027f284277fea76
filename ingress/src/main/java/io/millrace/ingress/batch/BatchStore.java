package io.millrace.ingress.batch;

import io.millrace.schemas.id.BatchId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * What one view partition keeps of its batches that have not ended: which they are, and how far
 * their lines have come. A persistent store with a change log of its own. Not thread-safe.
 */
final class BatchStore {

    static final String NAME = "batches";

    // Digits come before letters, so that the chunks of a batch are one range without the mark.
    private static final String OPEN = "open";
    private static final byte[] MARK = {1};

    private final KeyValueStore<String, byte[]> store;

    BatchStore(KeyValueStore<String, byte[]> store) {
        this.store = store;
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> builder() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(NAME), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled();
    }

    /** Keeps a batch as one that has not ended. */
    void open(BatchId batch) {
        String key = key(batch, OPEN);
        if (store.get(key) == null) {
            store.put(key, MARK);
        }
    }

    /** Forgets all that is kept of a batch. */
    void close(BatchId batch) {
        List<String> keys = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> entries =
                store.range(key(batch, ""), key(batch, OPEN))) {
            entries.forEachRemaining(entry -> keys.add(entry.key));
        }
        keys.forEach(store::delete);
    }

    /** Counts the end of a line and returns whether it was new. */
    boolean end(BatchId batch, int line, LineEnd end) {
        String key = key(batch, "%07d".formatted(ProgressChunk.numberOf(line)));
        byte[] bytes = store.get(key);
        ProgressChunk before = bytes == null ? ProgressChunk.EMPTY : ProgressChunk.read(bytes);
        ProgressChunk after = before.with(line, end);
        if (after == before) {
            return false;
        }
        store.put(key, after.bytes());
        return true;
    }

    /** Returns the batches that have not ended. */
    Set<BatchId> open() {
        Set<BatchId> open = new HashSet<>();
        try (KeyValueIterator<String, byte[]> entries = store.all()) {
            while (entries.hasNext()) {
                String key = entries.next().key;
                if (key.endsWith("/" + OPEN)) {
                    open.add(batch(key));
                }
            }
        }
        return open;
    }

    /** Returns how far each batch has come of which any line has ended. */
    Map<BatchId, Progress> progress() {
        Map<BatchId, Progress> progress = new HashMap<>();
        try (KeyValueIterator<String, byte[]> entries = store.all()) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                if (!entry.key.endsWith("/" + OPEN)) {
                    progress.merge(
                            batch(entry.key),
                            ProgressChunk.read(entry.value).sums(),
                            Progress::plus);
                }
            }
        }
        return progress;
    }

    private static String key(BatchId batch, String what) {
        return batch + "/" + what;
    }

    private static BatchId batch(String key) {
        return new BatchId(key.substring(0, key.indexOf('/')));
    }
}
