package io.millrace.usageaggregator.usage;

import java.time.Duration;
import java.time.Instant;

/**
 * How long cells are kept after their bucket has ended.
 *
 * @param minutes of buckets of a minute; positive
 * @param days of buckets of a day; positive
 */
public record Retention(Duration minutes, Duration days) {

    public Retention {
        if (!minutes.isPositive() || !days.isPositive()) {
            throw new IllegalArgumentException("cells must be kept for some time");
        }
    }

    /** Returns the begin of the oldest bucket that is kept. */
    Instant oldest(Width width, Instant now) {
        Duration kept =
                switch (width) {
                    case MINUTE -> minutes;
                    case DAY -> days;
                };
        return width.floor(now.minus(kept));
    }
}
