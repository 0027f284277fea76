package io.millrace.dispatcher.routing;

import io.millrace.schemas.avro.ProviderState;
import org.jspecify.annotations.Nullable;

/**
 * What this process may ask of a provider.
 *
 * @param calls calls at the same time
 * @param requests requests in 60 s
 * @param tokens tokens in 60 s
 */
public record ProviderLimits(int calls, long requests, long tokens) {

    /** Calls at the same time where control says nothing. */
    public static final int DEFAULT_CALLS = 64;

    /** Stands for no limit; far from where sums overflow. */
    public static final long UNLIMITED = Long.MAX_VALUE / 4;

    private static final int MOST_CALLS = 100_000;

    /** Returns the part of a provider's limits that the share leaves to this process. */
    public static ProviderLimits of(ProviderState state, ProviderShare share) {
        Long calls = state.getConcurrency();
        long shared = share.of(state.getName(), calls == null ? DEFAULT_CALLS : calls);
        return new ProviderLimits(
                Math.clamp(shared, 0, MOST_CALLS),
                rate(state.getName(), state.getRequestsPerMinute(), share),
                rate(state.getName(), state.getTokensPerMinute(), share));
    }

    private static long rate(String provider, @Nullable Long limit, ProviderShare share) {
        return limit == null ? UNLIMITED : share.of(provider, limit);
    }
}
