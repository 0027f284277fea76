package io.millrace.dispatcher.settlement;

import java.util.HashSet;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Whether a tenant's records follow those that moved to its wait lane, so that none overtakes them:
 * from the first that moves until the lane is read to its end. Thread-safe.
 */
public final class WaitLane {

    // offsets in requests of what moves and is not known to be in the log yet
    private final Set<Long> moving = new HashSet<>();
    private boolean followed;
    private long moves;

    /** A lane that is followed from the beginning when what it holds is not known. */
    WaitLane(boolean followed) {
        this.followed = followed;
    }

    /** Returns whether the tenant's next record moves too, whatever room there is. */
    public synchronized boolean isFollowed() {
        return followed;
    }

    /** Takes note that the record at that offset of requests moves. */
    public synchronized void moved(long offset) {
        followed = true;
        moves++;
        moving.add(offset);
    }

    /**
     * Returns how many records have moved when the log has all of them and the lane is followed;
     * otherwise nothing.
     *
     * @param requests the source they moved from
     */
    public synchronized OptionalLong written(Source requests) {
        Frontier settled = requests.frontier();
        moving.removeIf(settled::isSettled);
        return followed && moving.isEmpty() ? OptionalLong.of(moves) : OptionalLong.empty();
    }

    /** Is followed no more, unless records have moved since there were that many. */
    public synchronized void readToItsEnd(long asOf) {
        if (moves == asOf) {
            followed = false;
        }
    }
}
