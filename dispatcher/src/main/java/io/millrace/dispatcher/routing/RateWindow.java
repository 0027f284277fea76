package io.millrace.dispatcher.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * One limit a minute of a provider, kept on our side of the wire: a ring of buckets over 61 s, and
 * a pacer that spreads what is left.
 *
 * <p>The provider counts in an exact window of 60 s, from when a call reaches it. The 61st second
 * is what calls may differ in on their way. The ring never lets more than the limit through in its
 * span; the pacer lets a tenth of it start at once and the rest evenly, and gains nothing while the
 * ring is full, so that a full minute is not followed by a wave every minute. Not thread-safe.
 */
public final class RateWindow {

    private static final int BUCKET_MILLIS = 250;
    private static final int SPAN_MILLIS = 61_000;
    private static final int BUCKETS = SPAN_MILLIS / BUCKET_MILLIS + 1;
    private static final int BURST_PARTS = 10;
    private static final double NANOS_A_MILLI = 1e6;

    private final long[] buckets = new long[BUCKETS];
    private long newest = Long.MIN_VALUE;
    private long sum;
    private long limit;
    private double pacedMillis = Double.NEGATIVE_INFINITY; // when the pacer's bucket is full
    private long told = Long.MAX_VALUE;
    private Instant toldUntil = Instant.MIN;

    /**
     * Makes an empty window.
     *
     * @param limit units in 60 s, 0 or more
     */
    public RateWindow(long limit) {
        this.limit = limit;
    }

    /** Follows a change of the limit. */
    public void resize(long units) {
        limit = Math.max(0, units);
    }

    /** Returns the units that were charged in the span that ends now. */
    public long used(Instant now) {
        roll(now);
        return sum;
    }

    /**
     * Returns how long a call of so many units must wait; zero when it may start. One that is
     * larger than the limit goes alone, as it would never go otherwise.
     */
    public Duration delay(long units, Instant now) {
        if (limit <= 0) {
            return Duration.ofMillis(SPAN_MILLIS);
        }
        roll(now);
        long fitting = Math.min(units, limit);
        if (now.isBefore(toldUntil) && told < fitting) {
            return Duration.between(now, toldUntil);
        }
        long over = sum + fitting - limit;
        if (over > 0) {
            // the pacer gains nothing while the ring is full
            pacedMillis = Math.max(pacedMillis, millis(now) + burstMillis());
            return Duration.ofMillis(untilFree(over, now));
        }
        double early = pacedMillis - burstMillis() - millis(now);
        return early <= 0 ? Duration.ZERO : Duration.ofNanos((long) (early * NANOS_A_MILLI) + 1);
    }

    /** Charges a call that starts. */
    public void charge(long units, Instant now) {
        roll(now);
        add(newest, units);
        double full = Math.max(pacedMillis, millis(now));
        pacedMillis = limit <= 0 ? full : full + (double) units * SPAN_MILLIS / limit;
        told = told == Long.MAX_VALUE ? told : Math.max(0, told - units);
    }

    /**
     * Corrects what was charged for a call by what it used, in the bucket it started in.
     *
     * @param units more, or less when negative
     */
    public void correct(long units, Instant started, Instant now) {
        roll(now);
        long bucket = bucket(started);
        if (bucket <= newest && bucket > newest - BUCKETS) {
            add(bucket, units);
            pacedMillis += limit <= 0 ? 0 : (double) units * SPAN_MILLIS / limit;
        }
    }

    /** Takes the provider's word that only so many units are left until that time. */
    public void tell(long left, Instant until) {
        told = Math.max(0, left);
        toldUntil = until;
    }

    private void add(long bucket, long units) {
        int index = index(bucket);
        long before = buckets[index];
        buckets[index] = Math.max(0, before + units);
        sum += buckets[index] - before;
    }

    private void roll(Instant now) {
        long current = bucket(now);
        if (newest == Long.MIN_VALUE || current - newest >= BUCKETS) {
            Arrays.fill(buckets, 0);
            sum = 0;
            newest = Math.max(current, newest);
            return;
        }
        // a clock that is set back stands still here
        while (newest < current) {
            newest++;
            sum -= buckets[index(newest)];
            buckets[index(newest)] = 0;
        }
    }

    private long untilFree(long over, Instant now) {
        long freed = 0;
        long bucket = newest - BUCKETS;
        while (freed < over && bucket < newest) {
            bucket++;
            freed += buckets[index(bucket)];
        }
        return Math.max(1, (bucket + BUCKETS) * BUCKET_MILLIS - now.toEpochMilli());
    }

    private double burstMillis() {
        // one call at least, whatever its size: the pacer's bucket need not hold it whole
        return Math.max(0, (double) SPAN_MILLIS / BURST_PARTS);
    }

    private static double millis(Instant now) {
        return now.getEpochSecond() * 1e3 + now.getNano() / NANOS_A_MILLI;
    }

    private static long bucket(Instant at) {
        return Math.floorDiv(at.toEpochMilli(), BUCKET_MILLIS);
    }

    private static int index(long bucket) {
        return Math.floorMod(bucket, BUCKETS);
    }
}
