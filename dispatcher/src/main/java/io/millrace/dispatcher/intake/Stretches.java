package io.millrace.dispatcher.intake;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of the unread part of a lane, stretch by stretch: when the first job of each
 * expires. Pure but for its memory. Not thread-safe.
 */
final class Stretches {

    /** Offsets in a stretch. */
    static final long LENGTH = 1_000;

    /** Stretches that are looked through in one round. */
    static final int MOST = 20;

    /**
     * A stretch as it was looked through.
     *
     * @param to the offset behind what there was of it
     * @param expiry when the first job expires that stayed; {@link Instant#MAX} for never
     * @param wishes how many wishes that something ends had come before
     */
    record Stretch(long to, Instant expiry, long wishes) {}

    private final Map<Long, Stretch> seen = new HashMap<>();
    private long next;

    /**
     * Returns the numbers of the stretches that are to be looked through now: what was never, or
     * not to its end, what has a job that expires, and, after a wish that something ends, all.
     *
     * @param position where the lane's reader is; what lies before it is its affair
     * @param end the offset behind the lane's last record
     * @param wishes how many wishes that something ends have come
     */
    List<Long> due(long position, long end, long wishes, Instant now) {
        long first = position / LENGTH;
        seen.keySet().removeIf(number -> number < first);
        List<Long> due = new ArrayList<>();
        long count = end <= position ? 0 : (end - 1) / LENGTH - first + 1;
        long from = next >= first && next < first + count ? next : first;
        for (long i = 0; i < count && due.size() < MOST; i++) {
            long number = first + (from - first + i) % count;
            Stretch stretch = seen.get(number);
            if (stretch == null
                    || stretch.to() < Math.min((number + 1) * LENGTH, end)
                    || stretch.wishes() != wishes
                    || !stretch.expiry().isAfter(now)) {
                due.add(number);
                next = number + 1; // so that none starves when there is more than a round can do
            }
        }
        return due;
    }

    /** Takes note of a stretch that was looked through. */
    void seen(long number, Stretch stretch) {
        seen.put(number, stretch);
    }

    /** Returns of how many stretches something is known. */
    int known() {
        return seen.size();
    }
}
