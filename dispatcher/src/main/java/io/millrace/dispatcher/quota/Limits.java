package io.millrace.dispatcher.quota;

import io.millrace.schemas.avro.KeyState;
import io.millrace.schemas.avro.ModelQuota;
import io.millrace.schemas.avro.TenantState;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a tenant, of a key or of a tenant's use of one model. {@link Long#MAX_VALUE} is no
 * limit.
 *
 * @param requestsPerMinute calls that start within a minute
 * @param tokensPerMinute tokens of calls that start within a minute
 * @param concurrency calls at the same time
 * @param dailyNano nano-dollars a UTC day
 * @param monthlyNano nano-dollars a UTC month
 * @param dailyTokens tokens a UTC day
 * @param monthlyTokens tokens a UTC month
 */
public record Limits(
        long requestsPerMinute,
        long tokensPerMinute,
        long concurrency,
        long dailyNano,
        long monthlyNano,
        long dailyTokens,
        long monthlyTokens) {

    private static final long MOST = Long.MAX_VALUE;

    /** No limits. */
    public static final Limits NONE = new Limits(MOST, MOST, MOST, MOST, MOST, MOST, MOST);

    public Limits {
        refuseNegative(requestsPerMinute, "requestsPerMinute");
        refuseNegative(tokensPerMinute, "tokensPerMinute");
        refuseNegative(concurrency, "concurrency");
        refuseNegative(dailyNano, "dailyNano");
        refuseNegative(monthlyNano, "monthlyNano");
        refuseNegative(dailyTokens, "dailyTokens");
        refuseNegative(monthlyTokens, "monthlyTokens");
    }

    /** Returns the limits of a tenant. */
    public static Limits of(TenantState tenant) {
        return new Limits(
                orNone(tenant.getRequestsPerMinute()),
                orNone(tenant.getTokensPerMinute()),
                orNone(tenant.getConcurrency()),
                orNone(tenant.getDailyNanoUsd()),
                orNone(tenant.getMonthlyNanoUsd()),
                orNone(tenant.getDailyTokens()),
                orNone(tenant.getMonthlyTokens()));
    }

    /** Returns the limits of a key. */
    public static Limits of(KeyState key) {
        return new Limits(
                orNone(key.getRequestsPerMinute()),
                orNone(key.getTokensPerMinute()),
                orNone(key.getConcurrency()),
                orNone(key.getDailyNanoUsd()),
                orNone(key.getMonthlyNanoUsd()),
                orNone(key.getDailyTokens()),
                orNone(key.getMonthlyTokens()));
    }

    /** Returns the limits of a tenant for one model. */
    public static Limits of(ModelQuota model) {
        return new Limits(
                orNone(model.getRequestsPerMinute()),
                orNone(model.getTokensPerMinute()),
                orNone(model.getConcurrency()),
                orNone(model.getDailyNanoUsd()),
                orNone(model.getMonthlyNanoUsd()),
                orNone(model.getDailyTokens()),
                orNone(model.getMonthlyTokens()));
    }

    private static long orNone(@Nullable Long limit) {
        return limit == null ? MOST : limit;
    }

    private static void refuseNegative(long limit, String name) {
        if (limit < 0) {
            throw new IllegalArgumentException(
                    "%s must not be negative, but was %d".formatted(name, limit));
        }
    }
}
