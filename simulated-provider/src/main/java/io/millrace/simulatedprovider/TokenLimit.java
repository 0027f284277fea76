package io.millrace.simulatedprovider;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The provider's own limit: so many tokens in any 60 seconds, exactly, all of a call's counted when
 * it is admitted. Thread-safe.
 *
 * <p>It remembers each call of the last 60 s. A call that needs more than the limit is admitted
 * when there was none in that time. A clock set back stands still here until it is where it was.
 */
final class TokenLimit {

    private static final Duration WINDOW = Duration.ofSeconds(60);

    private final long most;
    private final Deque<Taken> taken = new ArrayDeque<>();
    private long sum;
    private Instant latest = Instant.MIN;

    private record Taken(Instant at, long tokens) {}

    TokenLimit(int tokensPerMinute) {
        this.most = tokensPerMinute;
    }

    /** Admits a call, or says how long to wait for it; a refused call does not count. */
    synchronized Duration admit(Instant clock, long tokens) {
        if (most == 0) {
            return Duration.ZERO;
        }
        Instant now = clock.isAfter(latest) ? clock : latest;
        latest = now;
        Instant windowStart = now.minus(WINDOW);
        while (!taken.isEmpty() && !taken.getFirst().at().isAfter(windowStart)) {
            sum -= taken.removeFirst().tokens();
        }
        if (!taken.isEmpty() && sum + tokens > most) {
            return Duration.between(windowStart, whenThereIsRoom(tokens));
        }
        taken.addLast(new Taken(now, tokens));
        sum += tokens;
        return Duration.ZERO;
    }

    /** When the last of the calls was admitted that must leave the window first. */
    private Instant whenThereIsRoom(long tokens) {
        long left = sum;
        Instant last = latest;
        for (Taken call : taken) {
            left -= call.tokens();
            last = call.at();
            if (left + tokens <= most) {
                break;
            }
        }
        return last;
    }
}
