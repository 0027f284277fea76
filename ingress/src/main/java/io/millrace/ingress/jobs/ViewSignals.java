package io.millrace.ingress.jobs;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;

/**
 * What the appliers tell the rest of the process.
 *
 * @param waiters woken for each id that has news
 * @param delay from the writing of a record to its being applied
 * @param undecodable records that could not be decoded and were left out
 * @param clock the time
 */
record ViewSignals(Waiters waiters, Timer delay, Counter undecodable, InstantSource clock) {

    /** A record about an id was applied, written at that time. */
    void applied(String id, long writtenAtMillis) {
        long delayMillis = Math.max(0, clock.millis() - writtenAtMillis);
        delay.record(Duration.ofMillis(delayMillis));
        waiters.wake(id);
    }
}
