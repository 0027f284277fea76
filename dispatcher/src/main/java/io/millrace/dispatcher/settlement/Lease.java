package io.millrace.dispatcher.settlement;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a process may act on what its group told it last.
 *
 * <p>A process that was stopped finds out that it was expelled only when the answer to its next
 * heartbeat is there, a poll or two after it went on. So when confirmations have been missing for
 * longer than the term, the next ones are trusted only after a probation. Thread-safe.
 */
public final class Lease {

    private static final int SHORT_OF_PROBATION = 3;

    private final LongSupplier nanos;
    private final long term;
    private final long probation;
    private volatile long renewed;
    private volatile boolean trusted;
    private long doubtedSince; // only the thread that renews uses it

    /**
     * Makes a lease.
     *
     * @param nanos a clock that goes on while the process is stopped
     * @param term shorter than the time after which the group expels a silent member
     * @param probation longer than the time between two heartbeats and their answers
     */
    public Lease(LongSupplier nanos, Duration term, Duration probation) {
        this.nanos = nanos;
        this.term = term.toNanos();
        this.probation = probation.toNanos();
        begin();
    }

    /** Returns a lease that does not end. */
    static Lease endless() {
        return new Lease(() -> 0, Duration.ofDays(1), Duration.ZERO);
    }

    /** Begins anew, with nothing that could have been missed. */
    void begin() {
        long now = nanos.getAsLong();
        renewed = now;
        trusted = true;
    }

    /** Goes on, with what the group has just told. One thread calls it. */
    void renew() {
        long now = nanos.getAsLong();
        long silent = now - renewed;
        // a stop within the probation is no part of it: nothing was heard meanwhile
        if (silent > term || (!trusted && silent > probation / SHORT_OF_PROBATION)) {
            trusted = false;
            doubtedSince = now;
        } else if (!trusted && now - doubtedSince >= probation) {
            trusted = true;
        }
        renewed = now;
    }

    /** Returns whether the group's last word may be acted on. */
    boolean isValid() {
        long now = nanos.getAsLong();
        return now - renewed <= term && trusted; // in this order: renewing writes the other way
    }
}
