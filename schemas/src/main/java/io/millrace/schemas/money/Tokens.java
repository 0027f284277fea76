package io.millrace.schemas.money;

/**
 * A number of model tokens.
 *
 * @param count 0 to 10<sup>12</sup>
 */
public record Tokens(long count) {

    /** No tokens. */
    public static final Tokens NONE = new Tokens(0);

    // Counts come from providers, who may send anything: far above any sum of real calls, and far
    // below what overflows.
    private static final long MAX = 1_000_000_000_000L;

    public Tokens {
        if (count < 0 || count > MAX) {
            throw new IllegalArgumentException(
                    "tokens must be between 0 and %d, but were %d".formatted(MAX, count));
        }
    }

    /**
     * Returns the sum.
     *
     * @throws IllegalArgumentException above 10<sup>12</sup>
     */
    public Tokens plus(Tokens other) {
        return new Tokens(count + other.count);
    }
}
