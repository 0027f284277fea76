package io.millrace.dispatcher.settlement;

import java.util.Collection;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The attempts of a slot that are journalled, or about to be, and whose jobs are not settled.
 *
 * <p>An attempt is announced before it is sent to the journal. Otherwise a later one could be
 * acknowledged, made and settled before this one's thread has said where it lies, and the ledger
 * would tell a successor to begin behind it: a call that nobody knows of. Thread-safe.
 */
final class OpenAttempts {

    private final NavigableSet<Long> open = new TreeSet<>();
    // end of the journal as it was known at each announcement, and how many share it
    private final NavigableMap<Long, Integer> announced = new TreeMap<>();
    private long end;

    OpenAttempts(long end, Collection<Long> open) {
        this.end = end;
        this.open.addAll(open);
    }

    /** Returns an offset that the attempt will not lie below. */
    synchronized long announce() {
        announced.merge(end, 1, Integer::sum);
        return end;
    }

    /** Takes note that an announced attempt is journalled at that offset. */
    synchronized void started(long floor, long offset) {
        open.add(offset);
        end = Math.max(end, offset + 1);
        withdraw(floor);
    }

    /** Takes note that an announced attempt will not be made. */
    synchronized void withdraw(long floor) {
        int others = announced.getOrDefault(floor, 0) - 1;
        if (others > 0) {
            announced.put(floor, others);
        } else {
            announced.remove(floor);
        }
    }

    synchronized void settled(Collection<Long> offsets) {
        offsets.forEach(open::remove);
    }

    /** Returns the offset below which none is open once those are settled. */
    synchronized long from(Set<Long> settling) {
        long lowest = announced.isEmpty() ? end : announced.firstKey();
        for (long offset : open) {
            if (offset >= lowest) {
                return lowest;
            }
            if (!settling.contains(offset)) {
                return offset;
            }
        }
        return lowest;
    }
}
