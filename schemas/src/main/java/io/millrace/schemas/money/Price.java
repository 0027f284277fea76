package io.millrace.schemas.money;

import java.math.BigInteger;

/**
 * What a model costs.
 *
 * @param inputPerMillion a million input tokens that were not cached
 * @param outputPerMillion a million output tokens
 * @param cachedInputPerMillion a million input tokens from the provider's cache
 * @param version version of the price book entry; 0 when the model has no price
 */
public record Price(
        NanoDollars inputPerMillion,
        NanoDollars outputPerMillion,
        NanoDollars cachedInputPerMillion,
        long version) {

    /** The price of a model that has none. */
    public static final Price FREE =
            new Price(NanoDollars.NONE, NanoDollars.NONE, NanoDollars.NONE, 0);

    private static final BigInteger MILLION = BigInteger.valueOf(1_000_000);
    private static final BigInteger HALF_MILLION = BigInteger.valueOf(500_000);

    /**
     * Returns what the usage costs: summed exactly, rounded once, half up, to a nano-dollar.
     *
     * @throws ArithmeticException above 9.2 billion dollars
     */
    public NanoDollars cost(Usage usage) {
        long fresh = usage.input().count() - usage.cachedInput().count();
        BigInteger millionths =
                part(inputPerMillion, fresh)
                        .add(part(cachedInputPerMillion, usage.cachedInput().count()))
                        .add(part(outputPerMillion, usage.output().count()));
        return new NanoDollars(millionths.add(HALF_MILLION).divide(MILLION).longValueExact());
    }

    private static BigInteger part(NanoDollars perMillion, long tokens) {
        return BigInteger.valueOf(perMillion.amount()).multiply(BigInteger.valueOf(tokens));
    }
}
