package io.millrace.usageaggregator.usage;

import java.time.Duration;
import java.time.Instant;

/** How long a time a cell of the cube sums over; buckets begin at whole multiples since 1970. */
public enum Width {
    /** A minute. */
    MINUTE((byte) 'm', Duration.ofMinutes(1)),
    /** A day in UTC. */
    DAY((byte) 'd', Duration.ofDays(1));

    private final byte mark;
    private final Duration length;

    Width(byte mark, Duration length) {
        this.mark = mark;
        this.length = length;
    }

    /** Returns how long a bucket is. */
    public Duration length() {
        return length;
    }

    /** Returns the begin of the bucket that an instant is in. */
    public Instant floor(Instant instant) {
        return Instant.ofEpochSecond(
                instant.getEpochSecond()
                        - Math.floorMod(instant.getEpochSecond(), length.toSeconds()));
    }

    /** The byte it is stored as; fixed for the life of a store. */
    byte mark() {
        return mark;
    }

    static Width marked(byte mark) {
        for (Width width : values()) {
            if (width.mark == mark) {
                return width;
            }
        }
        throw new IllegalArgumentException("no width of the cube is marked " + mark);
    }
}
