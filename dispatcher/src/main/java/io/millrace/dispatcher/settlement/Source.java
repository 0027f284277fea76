package io.millrace.dispatcher.settlement;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/**
 * One partition that a slot's work is read from: the slot itself, a lane or a retry topic.
 *
 * <p>The frontier changes as records are read (gaps) and settled. What waits of its jobs is
 * counted, in all and by tenant. Thread-safe: all of it locks the source.
 */
public final class Source {

    private static final int MOST_RANGES = 1_000;

    private final TopicPartition partition;
    private final Map<String, Backlog> waitingOf = new HashMap<>();
    private final Set<Long> ending = new HashSet<>();
    private Backlog waiting = Backlog.NONE;
    private Frontier frontier;
    private long position;
    private long wakes;
    private boolean resting;

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
        return !frontier.isSettled(offset) && !ending.contains(offset);
    }

    /** Returns the offset that is read next. */
    public synchronized long position() {
        return position;
    }

    /** Returns whether the record at an offset is settled. */
    public synchronized boolean isSettled(long offset) {
        return frontier.isSettled(offset);
    }

    /**
     * Takes note that a record ends before it is read: its settlement follows, and it is not to be
     * done when its turn comes.
     *
     * @return whether it does: not when it was read or ends already, and not when so many ended out
     *     of turn that the frontier would grow too long
     */
    public synchronized boolean endsUnread(long offset) {
        return offset >= position
                && !frontier.isSettled(offset)
                && frontier.ranges() + ending.size() < MOST_RANGES
                && ending.add(offset);
    }

    /** Takes note that there is, or soon will be, something to read. */
    public synchronized void wake() {
        wakes++;
        resting = false;
    }

    /** Returns how often there was said to be something to read. */
    public synchronized long wakes() {
        return wakes;
    }

    /** Returns whether all that was read is settled. */
    public synchronized boolean isQuiet() {
        return frontier.lowestOpen() == position && waiting.equals(Backlog.NONE);
    }

    /**
     * Takes note that it is read no more until it is woken.
     *
     * @param asOf how often it had been woken when it was found to be at its end
     * @return whether it rests: not when it was woken since, or has something that is not settled
     */
    public synchronized boolean rest(long asOf) {
        resting = wakes == asOf && isQuiet();
        return resting;
    }

    /** Returns whether it is not to be read until it is woken. */
    public synchronized boolean isResting() {
        return resting;
    }

    /** Returns the frontier as it would be with those offsets settled. */
    synchronized Frontier after(Collection<Long> offsets) {
        return frontier.settle(offsets);
    }

    /** Settles the offsets: what the log has, memory follows. */
    synchronized void settled(Collection<Long> offsets) {
        ending.removeAll(offsets);
        frontier = frontier.settle(offsets);
    }

    /** Returns what is read and has not started. */
    public synchronized Backlog waiting() {
        return waiting;
    }

    /** Returns what is read of a tenant's jobs and has not started. */
    public synchronized Backlog waiting(String tenant) {
        return waitingOf.getOrDefault(tenant, Backlog.NONE);
    }

    /** Takes note that a job of a tenant waits. */
    public synchronized void waits(String tenant, long bytes) {
        waiting = waiting.plus(bytes);
        waitingOf.put(tenant, waiting(tenant).plus(bytes));
    }

    /** Takes note that a job of a tenant waits no more. */
    public synchronized void waitsNoMore(String tenant, long bytes) {
        waiting = waiting.minus(bytes);
        Backlog left = waiting(tenant).minus(bytes);
        if (left.equals(Backlog.NONE)) {
            waitingOf.remove(tenant);
        } else {
            waitingOf.put(tenant, left);
        }
    }
}
