package io.millrace.simulatedprovider.dialect;

/** The tokens of a call, in truth. */
public record Usage(long inputTokens, long outputTokens) {

    public static final Usage NONE = new Usage(0, 0);

    public Usage {
        if (inputTokens < 0 || outputTokens < 0) {
            throw new IllegalArgumentException(
                    "tokens must not be negative, but were %d and %d"
                            .formatted(inputTokens, outputTokens));
        }
    }
}
