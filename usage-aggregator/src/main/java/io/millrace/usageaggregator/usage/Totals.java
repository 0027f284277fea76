package io.millrace.usageaggregator.usage;

import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Usage;

/**
 * What a number of terminal jobs used, exactly: a sum that does not fit throws {@link
 * ArithmeticException}.
 *
 * <p>Tokens are bare numbers, because the range of {@link io.millrace.schemas.money.Tokens} is that
 * of one call.
 *
 * @param requests terminal jobs
 * @param inputTokens cached ones included
 * @param outputTokens reasoning ones included
 * @param cachedTokens input tokens that the provider read from its cache
 * @param reasoningTokens output tokens that were spent on reasoning
 * @param cost what they cost
 * @param attempts calls to providers that were journalled
 * @param estimated jobs whose tokens are in part an estimate
 */
public record Totals(
        long requests,
        long inputTokens,
        long outputTokens,
        long cachedTokens,
        long reasoningTokens,
        NanoDollars cost,
        long attempts,
        long estimated) {

    /** Nothing. */
    public static final Totals NONE = new Totals(0, 0, 0, 0, 0, NanoDollars.NONE, 0, 0);

    public Totals {
        notNegative("requests", requests);
        notNegative("input tokens", inputTokens);
        notNegative("output tokens", outputTokens);
        notNegative("cached tokens", cachedTokens);
        notNegative("reasoning tokens", reasoningTokens);
        notNegative("attempts", attempts);
        notNegative("estimated", estimated);
    }

    /**
     * Returns what one bill counts.
     *
     * @throws IllegalArgumentException when it holds an amount that cannot be
     */
    static Totals of(UsageRecord bill) {
        Usage usage = Usage.from(bill.getUsage());
        return new Totals(
                1,
                usage.input().count(),
                usage.output().count(),
                usage.cachedInput().count(),
                usage.reasoning().count(),
                new NanoDollars(bill.getCostNanoUsd()),
                bill.getAttempts(),
                usage.estimated() ? 1 : 0);
    }

    /** Returns the sum. */
    public Totals plus(Totals other) {
        return new Totals(
                Math.addExact(requests, other.requests),
                Math.addExact(inputTokens, other.inputTokens),
                Math.addExact(outputTokens, other.outputTokens),
                Math.addExact(cachedTokens, other.cachedTokens),
                Math.addExact(reasoningTokens, other.reasoningTokens),
                cost.plus(other.cost),
                Math.addExact(attempts, other.attempts),
                Math.addExact(estimated, other.estimated));
    }

    private static void notNegative(String name, long value) {
        if (value < 0) {
            throw new IllegalArgumentException(
                    "%s must not be negative, but were %d".formatted(name, value));
        }
    }
}
