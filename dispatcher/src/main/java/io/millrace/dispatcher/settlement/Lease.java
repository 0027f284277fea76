package io.millrace.dispatcher.settlement;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a process may act on its group's word that it is a member.
 *
 * <p>It counts from the question, not from the answer: either may lie in a buffer for as long as
 * this process, or the broker, is stopped. The group takes the question for a sign of life, so that
 * it expels nobody before a session has passed since. One thread renews it; any may ask.
 */
public final class Lease {

    private final LongSupplier nanos;
    private final long term;
    private volatile long end;

    /**
     * Makes a lease that is not valid yet.
     *
     * @param nanos a clock that goes on while the process is stopped
     * @param term shorter than the time after which the group expels a silent member
     */
    public Lease(LongSupplier nanos, Duration term) {
        this.nanos = nanos;
        this.term = term.toNanos();
        this.end = nanos.getAsLong() - 1;
    }

    /** Returns a lease that does not end. */
    static Lease endless() {
        Lease lease = new Lease(() -> 0, Duration.ofDays(1));
        lease.renew(0);
        return lease;
    }

    long now() {
        return nanos.getAsLong();
    }

    /** Goes on: the group has answered a question of that time. */
    void renew(long askedAt) {
        if (askedAt + term - end > 0) {
            end = askedAt + term;
        }
    }

    /** Returns whether the group's last word may be acted on. */
    boolean isValid() {
        return end - nanos.getAsLong() >= 0;
    }
}
