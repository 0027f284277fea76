package io.millrace.usageaggregator.usage;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * Adds bills to the cells of one store, and drops those that are too old. Not thread-safe.
 *
 * <p>The store knows how far its partition is counted, in the same transaction as its cells. The
 * group's offset says the same, but a cluster forgets it when the group has been empty for a week,
 * and then everything would be counted twice.
 */
final class CubeWriter {

    // sorts before every tenant
    private static final Bytes COUNTED = Bytes.wrap(new byte[] {0});

    private final KeyValueStore<Bytes, byte[]> store;
    private final Retention retention;

    CubeWriter(KeyValueStore<Bytes, byte[]> store, Retention retention) {
        this.store = store;
        this.retention = retention;
    }

    /** Returns whether the record of that offset is new, and remembers that it was seen. */
    boolean advance(long offset) {
        byte[] counted = store.get(COUNTED);
        if (counted != null && ByteBuffer.wrap(counted).getLong() >= offset) {
            return false;
        }
        store.put(COUNTED, ByteBuffer.allocate(Long.BYTES).putLong(offset).array());
        return true;
    }

    /**
     * Adds a bill to its bucket of each width, however late it comes, as long as that is kept.
     *
     * @throws ArithmeticException when a sum does not fit; then nothing was added
     */
    void add(Arrival.Bill bill, Instant now) {
        List<Entry> changed = new ArrayList<>();
        for (Width width : Width.values()) {
            Instant start = width.floor(bill.completedAt());
            if (!start.isBefore(retention.oldest(width, now))) {
                Bytes key = CellBytes.key(width, start, bill.facets());
                changed.add(new Entry(key, sum(key).plus(bill.totals())));
            }
        }
        changed.forEach(entry -> store.put(entry.key(), CellBytes.value(entry.sum())));
    }

    /** Drops every cell that is kept no longer, and returns their number. */
    int dropOld(Instant now) {
        List<Bytes> old = new ArrayList<>();
        for (Width width : Width.values()) {
            Span gone = new Span(width, Instant.EPOCH, retention.oldest(width, now));
            new CubeScan(store).keys(new Scope.Everyone(), gone, old::add);
        }
        old.forEach(store::delete);
        return old.size();
    }

    private Totals sum(Bytes key) {
        byte[] value = store.get(key);
        return value == null ? Totals.NONE : CellBytes.totals(value);
    }

    private record Entry(Bytes key, Totals sum) {}
}
