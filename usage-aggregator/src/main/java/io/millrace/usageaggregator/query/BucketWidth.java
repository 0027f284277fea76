package io.millrace.usageaggregator.query;

import io.millrace.usageaggregator.usage.Width;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How wide the buckets of an answer are, with OpenAI's numbers of buckets a page.
 *
 * <p>Source: OpenAI API reference, Usage, November 2026.
 */
enum BucketWidth {
    MINUTE("1m", Duration.ofMinutes(1), Width.MINUTE, 60, 1_440),
    HOUR("1h", Duration.ofHours(1), Width.MINUTE, 24, 168),
    DAY("1d", Duration.ofDays(1), Width.DAY, 7, BucketWidth.DAY_MAX_USAGE);

    static final int DAY_MAX_USAGE = 31;
    static final int DAY_MAX_COSTS = 180;

    private final String word;
    private final Duration length;
    private final Width cells;
    private final int defaultLimit;
    private final int maxLimit;

    BucketWidth(String word, Duration length, Width cells, int defaultLimit, int maxLimit) {
        this.word = word;
        this.length = length;
        this.cells = cells;
        this.defaultLimit = defaultLimit;
        this.maxLimit = maxLimit;
    }

    static Optional<BucketWidth> named(String word) {
        for (BucketWidth width : values()) {
            if (width.word.equals(word)) {
                return Optional.of(width);
            }
        }
        return Optional.empty();
    }

    String word() {
        return word;
    }

    Duration length() {
        return length;
    }

    /** The cells it is summed from. */
    Width cells() {
        return cells;
    }

    int defaultLimit() {
        return defaultLimit;
    }

    int maxLimit(Report report) {
        return this == DAY ? report.maxDays() : maxLimit;
    }

    /** Returns the begin of the bucket that an instant is in. */
    Instant floor(Instant instant) {
        long second = instant.getEpochSecond();
        return Instant.ofEpochSecond(second - Math.floorMod(second, length.toSeconds()));
    }

    /** Returns the first begin of a bucket that is not before an instant. */
    Instant ceil(Instant instant) {
        Instant floor = floor(instant);
        return floor.equals(instant) ? floor : floor.plus(length);
    }
}
