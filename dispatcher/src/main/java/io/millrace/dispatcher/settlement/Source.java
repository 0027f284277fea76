package io.millrace.dispatcher.settlement;

import java.util.Collection;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition that a slot's work is read from: the slot itself, a lane or a retry topic.
 *
 * <p>The frontier changes as records are read (gaps) and settled; both lock the source. How many of
 * its jobs wait is counted without one.
 */
public final class Source {

    private final TopicPartition partition;
    private final AtomicInteger waiting = new AtomicInteger();
    private Frontier frontier;
    private long position;

    /** A source that is settled up to the frontier and will be read from its lowest open offset. */
    Source(TopicPartition partition, Frontier frontier) {
        this.partition = partition;
        this.frontier = frontier;
        this.position = frontier.lowestOpen();
    }

    /** Returns the partition. */
    public TopicPartition partition() {
        return partition;
    }

    /** Returns the current frontier. */
    public synchronized Frontier frontier() {
        return frontier;
    }

    /**
     * Takes note that the record at the offset is read, and that offsets skipped before it are no
     * records: transaction markers, or compacted or deleted away.
     *
     * @return whether the record is to be done now: it is not settled, and not read before. A
     *     consumer that lost its place reads again what is under way.
     */
    public synchronized boolean read(long offset) {
        if (offset < position) {
            return false;
        }
        if (offset > position) {
            frontier = frontier.settleRange(position, offset - 1);
        }
        position = offset + 1;
        return !frontier.isSettled(offset);
    }

    /** Returns the frontier as it would be with those offsets settled. */
    synchronized Frontier after(Collection<Long> offsets) {
        return frontier.settle(offsets);
    }

    /** Settles the offsets: what the log has, memory follows. */
    synchronized void settled(Collection<Long> offsets) {
        frontier = frontier.settle(offsets);
    }

    /** Returns the count of its jobs that are read and have not started. */
    public AtomicInteger waiting() {
        return waiting;
    }
}
