package io.millrace.ingress.batch;

import io.millrace.schemas.avro.TokenUsage;

/**
 * Sums of tokens that stop at the largest number instead of failing: whatever a provider claims for
 * one line, the others can still be counted.
 *
 * @param input input tokens
 * @param output output tokens
 * @param cachedInput input tokens read from the provider's cache
 * @param reasoning output tokens spent on reasoning
 */
record TokenSums(long input, long output, long cachedInput, long reasoning) {

    static final TokenSums NONE = new TokenSums(0, 0, 0, 0);

    /** Returns the tokens that a record carries; a negative number counts as none. */
    static TokenSums of(TokenUsage usage) {
        return new TokenSums(
                Math.max(0, usage.getInputTokens()),
                Math.max(0, usage.getOutputTokens()),
                Math.max(0, usage.getCachedInputTokens()),
                Math.max(0, usage.getReasoningTokens()));
    }

    TokenSums plus(TokenSums other) {
        return new TokenSums(
                sum(input, other.input),
                sum(output, other.output),
                sum(cachedInput, other.cachedInput),
                sum(reasoning, other.reasoning));
    }

    TokenUsage toRecord() {
        return new TokenUsage(input, output, cachedInput, reasoning, false);
    }

    /** Returns the sum of two numbers that are not negative, or the largest number. */
    static long sum(long a, long b) {
        long sum = a + b;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }
}
