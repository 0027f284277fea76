package io.millrace.dispatcher.quota;

import java.time.Duration;
import java.util.Optional;

/**
 * What a caller may still start within the minute: of all limits that bind it, the ones with the
 * least left.
 *
 * @param requests of requests a minute; none without such a limit
 * @param tokens of tokens a minute; none without such a limit
 */
public record Rates(Optional<Left> requests, Optional<Left> tokens) {

    /** No limits. */
    static final Rates NONE = new Rates(Optional.empty(), Optional.empty());

    /**
     * What is left of one limit.
     *
     * @param limit the limit
     * @param remaining 0 to the limit
     * @param reset when all of it is free again, if nothing else starts
     */
    public record Left(long limit, long remaining, Duration reset) {}

    Rates nearest(Rates other) {
        return new Rates(nearer(requests, other.requests), nearer(tokens, other.tokens));
    }

    private static Optional<Left> nearer(Optional<Left> one, Optional<Left> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return other.get().remaining() < one.get().remaining() ? other : one;
    }
}
