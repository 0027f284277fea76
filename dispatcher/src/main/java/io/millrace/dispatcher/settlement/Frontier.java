package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.OffsetRange;
import io.millrace.schemas.avro.SourceFrontier;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/**
 * How far a source is settled: everything below the lowest open offset, and ranges above it.
 *
 * <p>Immutable. Copying costs as many steps as there are ranges, which is at most the number of
 * jobs in flight: a copy a transaction, not one a job.
 */
public final class Frontier {

    private final long lowestOpen;
    // first offset to last offset, both included; disjoint, not touching, all above lowestOpen
    private final NavigableMap<Long, Long> settledAbove;

    private Frontier(long lowestOpen, NavigableMap<Long, Long> settledAbove) {
        this.lowestOpen = lowestOpen;
        this.settledAbove = settledAbove;
    }

    /** Returns the frontier of a source of which nothing at or above that offset is settled. */
    public static Frontier at(long offset) {
        return new Frontier(offset, new TreeMap<>());
    }

    /** Returns the frontier that a ledger entry holds. */
    public static Frontier from(SourceFrontier entry) {
        NavigableMap<Long, Long> ranges = new TreeMap<>();
        for (OffsetRange range : entry.getSettledAbove()) {
            ranges.put(range.getFirst(), range.getLast());
        }
        return new Frontier(entry.getLowestOpen(), ranges);
    }

    /** Returns the lowest offset that is not settled. */
    public long lowestOpen() {
        return lowestOpen;
    }

    /** Returns whether the record at that offset is settled. */
    public boolean isSettled(long offset) {
        if (offset < lowestOpen) {
            return true;
        }
        Map.Entry<Long, Long> range = settledAbove.floorEntry(offset);
        return range != null && range.getValue() >= offset;
    }

    /** Returns how many settled ranges lie above the lowest open offset. */
    int ranges() {
        return settledAbove.size();
    }

    /** Returns the frontier with those offsets settled too. */
    public Frontier settle(Collection<Long> offsets) {
        NavigableMap<Long, Long> ranges = new TreeMap<>(settledAbove);
        for (long offset : offsets) {
            add(ranges, offset, offset);
        }
        return collapsed(ranges);
    }

    /** Returns the frontier with all offsets from first to last settled too: a gap in the log. */
    public Frontier settleRange(long first, long last) {
        NavigableMap<Long, Long> ranges = new TreeMap<>(settledAbove);
        add(ranges, first, last);
        return collapsed(ranges);
    }

    /** Returns the ledger entry that holds it. */
    public SourceFrontier toEntry(TopicPartition source, long attemptsFrom) {
        List<OffsetRange> ranges =
                settledAbove.entrySet().stream()
                        .map(range -> new OffsetRange(range.getKey(), range.getValue()))
                        .toList();
        return SourceFrontier.newBuilder()
                .setTopic(source.topic())
                .setPartition(source.partition())
                .setLowestOpen(lowestOpen)
                .setSettledAbove(ranges)
                .setAttemptsFrom(attemptsFrom)
                .build();
    }

    private Frontier collapsed(NavigableMap<Long, Long> ranges) {
        long lowest = lowestOpen;
        while (!ranges.isEmpty() && ranges.firstKey() <= lowest) {
            lowest = Math.max(lowest, ranges.pollFirstEntry().getValue() + 1);
        }
        return new Frontier(lowest, ranges);
    }

    private static void add(NavigableMap<Long, Long> ranges, long first, long last) {
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = ranges.floorEntry(from);
        if (before != null && before.getValue() >= from - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        for (Map.Entry<Long, Long> next = ranges.ceilingEntry(from);
                next != null && next.getKey() <= to + 1;
                next = ranges.ceilingEntry(from)) {
            to = Math.max(to, next.getValue());
            ranges.remove(next.getKey());
        }
        ranges.put(from, to);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Frontier that
                && lowestOpen == that.lowestOpen
                && settledAbove.equals(that.settledAbove);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(lowestOpen) * 31 + settledAbove.hashCode();
    }

    @Override
    public String toString() {
        return lowestOpen + "+" + settledAbove;
    }
}
