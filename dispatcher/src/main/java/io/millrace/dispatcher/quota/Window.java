package io.millrace.dispatcher.quota;

import io.millrace.schemas.avro.WindowBucket;
import io.millrace.schemas.money.SpendTally;
import java.time.Instant;
import java.util.List;

/**
 * The calls that started within the last minute, and their tokens: a ring of buckets of a second.
 *
 * <p>A start counts for 61 to 62 seconds ({@link SpendTally#WINDOW_SECONDS} buckets): a minute, the
 * rest of the second it lies in, and one more for what passes between the decision and the
 * provider. So no 60 seconds anywhere hold more than the limit, and a limit is used to 97.5 % at
 * least. A time before the latest one counts as the latest. Not thread-safe.
 */
final class Window {

    private static final int SIZE = SpendTally.WINDOW_SECONDS;

    private final long[] requests = new long[SIZE];
    private final long[] tokens = new long[SIZE];
    private long newest = Long.MIN_VALUE;
    private long allRequests;
    private long allTokens;

    /** Returns the window that a ledger holds. */
    static Window from(List<WindowBucket> buckets) {
        Window window = new Window();
        buckets.forEach(each ->
                window.add(
                        Instant.ofEpochSecond(each.getSecond()),
                        each.getRequests(),
                        each.getTokens()));
        return window;
    }

    /** Forgets what is too old to count at that time. */
    void advance(Instant now) {
        long second = now.getEpochSecond();
        if (newest == Long.MIN_VALUE || second - newest >= SIZE) {
            clear(second);
        } else {
            while (newest < second) {
                newest++;
                drop(index(newest));
            }
        }
    }

    /**
     * Adds to the second of that time, or takes away with negative numbers; without effect when it
     * is too old to count.
     */
    void add(Instant at, long moreRequests, long moreTokens) {
        long second = at.getEpochSecond();
        if (second > newest) {
            advance(at);
        }
        if (newest - second < SIZE) {
            requests[index(second)] += moreRequests;
            tokens[index(second)] += moreTokens;
            allRequests += moreRequests;
            allTokens += moreTokens;
        }
    }

    long requests() {
        return allRequests;
    }

    long tokens() {
        return allTokens;
    }

    boolean isEmpty() {
        return allRequests == 0 && allTokens == 0;
    }

    /** Returns when there is room for a request and so many tokens, if nothing else starts. */
    Instant room(long requestLimit, long tokenLimit, long wanted) {
        long requestsLeft = allRequests;
        long tokensLeft = allTokens;
        for (long second = newest - SIZE + 1; second <= newest; second++) {
            requestsLeft -= requests[index(second)];
            tokensLeft -= tokens[index(second)];
            if (requestsLeft < requestLimit && tokensLeft <= tokenLimit - wanted) {
                return Instant.ofEpochSecond(second + SIZE);
            }
        }
        return Instant.ofEpochSecond(newest + SIZE);
    }

    /** Returns when nothing counts any more, if nothing else starts. */
    Instant empty() {
        for (long second = newest; second > newest - SIZE; second--) {
            if (requests[index(second)] != 0 || tokens[index(second)] != 0) {
                return Instant.ofEpochSecond(second + SIZE);
            }
        }
        return Instant.EPOCH;
    }

    private void clear(long second) {
        for (int i = 0; i < SIZE; i++) {
            drop(i);
        }
        newest = second;
    }

    private void drop(int i) {
        allRequests -= requests[i];
        allTokens -= tokens[i];
        requests[i] = 0;
        tokens[i] = 0;
    }

    private static int index(long second) {
        return Math.floorMod(second, SIZE);
    }
}
