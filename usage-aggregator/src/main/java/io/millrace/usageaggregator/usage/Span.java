package io.millrace.usageaggregator.usage;

import java.time.Instant;

/**
 * A range of buckets.
 *
 * @param from begin of the first bucket
 * @param until end of the last one, exclusive; not before {@code from}
 */
public record Span(Width width, Instant from, Instant until) {

    public Span {
        if (!width.floor(from).equals(from) || !width.floor(until).equals(until)) {
            throw new IllegalArgumentException(
                    "a span of %ss must begin and end with one, but is %s to %s"
                            .formatted(width, from, until));
        }
        if (until.isBefore(from)) {
            throw new IllegalArgumentException(
                    "a span must not end before it begins, but is %s to %s".formatted(from, until));
        }
    }
}
