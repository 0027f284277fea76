package io.millrace.simulatedprovider;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * The provider's own limit: so many calls in any 60 seconds, exactly. Thread-safe.
 *
 * <p>It remembers when each of the last so many calls was admitted; the next may start when the
 * oldest of them is 60 s old. A clock set back stands still here until it is where it was.
 */
final class RequestLimit {

    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final Instant[] admitted;
    private int oldest;
    private Instant latest = Instant.MIN;

    RequestLimit(int requestsPerMinute) {
        this.admitted = new Instant[requestsPerMinute];
        Arrays.fill(admitted, Instant.MIN);
    }

    /** Admits a call, or says how long to wait for it; a refused call does not count. */
    synchronized Duration admit(Instant clock) {
        if (admitted.length == 0) {
            return Duration.ZERO;
        }
        Instant now = clock.isAfter(latest) ? clock : latest;
        latest = now;
        Instant windowStart = now.minus(WINDOW);
        if (admitted[oldest].isAfter(windowStart)) {
            return Duration.between(windowStart, admitted[oldest]);
        }
        admitted[oldest] = now;
        oldest = (oldest + 1) % admitted.length;
        return Duration.ZERO;
    }
}
