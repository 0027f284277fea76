package io.millrace.schemas.money;

import java.math.BigDecimal;

/**
 * An amount of money that was or may be spent, in billionths of a US dollar.
 *
 * <p>Sums above 9.2 billion dollars throw {@link ArithmeticException}.
 *
 * @param amount 0 or more
 */
public record NanoDollars(long amount) {

    /** No money. */
    public static final NanoDollars NONE = new NanoDollars(0);

    private static final int DECIMALS = 9;

    public NanoDollars {
        if (amount < 0) {
            throw new IllegalArgumentException(
                    "nano-dollars must not be negative, but were %d".formatted(amount));
        }
    }

    /**
     * Returns the amount of that many US dollars.
     *
     * @throws ArithmeticException when it has more than nine decimals or is too large
     */
    public static NanoDollars ofUsd(BigDecimal usd) {
        return new NanoDollars(usd.movePointRight(DECIMALS).longValueExact());
    }

    /** Returns the sum. */
    public NanoDollars plus(NanoDollars other) {
        return new NanoDollars(Math.addExact(amount, other.amount));
    }

    /** Returns the amount in US dollars, exact. */
    public BigDecimal toUsd() {
        return BigDecimal.valueOf(amount, DECIMALS);
    }
}
