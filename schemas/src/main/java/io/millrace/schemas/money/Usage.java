package io.millrace.schemas.money;

import io.millrace.schemas.avro.TokenUsage;

/**
 * The tokens of one call or of several.
 *
 * @param input input tokens, cached ones included
 * @param output output tokens, reasoning ones included
 * @param cachedInput input tokens the provider read from its cache, at most {@code input}
 * @param reasoning output tokens the model spent on reasoning, at most {@code output}
 * @param estimated whether a part of it is Millrace's own estimate
 */
public record Usage(
        Tokens input, Tokens output, Tokens cachedInput, Tokens reasoning, boolean estimated) {

    /** No tokens, known to be none. */
    public static final Usage NONE =
            new Usage(Tokens.NONE, Tokens.NONE, Tokens.NONE, Tokens.NONE, false);

    public Usage {
        if (cachedInput.count() > input.count()) {
            throw new IllegalArgumentException(
                    "cached input tokens must be at most the %d of input, but were %d"
                            .formatted(input.count(), cachedInput.count()));
        }
        if (reasoning.count() > output.count()) {
            throw new IllegalArgumentException(
                    "reasoning tokens must be at most the %d of output, but were %d"
                            .formatted(output.count(), reasoning.count()));
        }
    }

    /** Returns the usage of input and output alone, as a provider stated it. */
    public static Usage of(long input, long output) {
        return new Usage(new Tokens(input), new Tokens(output), Tokens.NONE, Tokens.NONE, false);
    }

    /** Returns the usage that a record carries. */
    public static Usage from(TokenUsage record) {
        return new Usage(
                new Tokens(record.getInputTokens()),
                new Tokens(record.getOutputTokens()),
                new Tokens(record.getCachedInputTokens()),
                new Tokens(record.getReasoningTokens()),
                record.getEstimated());
    }

    /** Returns the sum. */
    public Usage plus(Usage other) {
        return new Usage(
                input.plus(other.input),
                output.plus(other.output),
                cachedInput.plus(other.cachedInput),
                reasoning.plus(other.reasoning),
                estimated || other.estimated);
    }

    /** Returns input and output together. */
    public Tokens total() {
        return input.plus(output);
    }

    /** Returns the record that carries it. */
    public TokenUsage toRecord() {
        return TokenUsage.newBuilder()
                .setInputTokens(input.count())
                .setOutputTokens(output.count())
                .setCachedInputTokens(cachedInput.count())
                .setReasoningTokens(reasoning.count())
                .setEstimated(estimated)
                .build();
    }
}
