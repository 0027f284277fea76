package io.millrace.ingress.batch;

import io.millrace.schemas.avro.InferenceResult;

/**
 * How a line ended.
 *
 * @param kind what became of it
 * @param tokens what it used
 * @param costNanoUsd what it cost, in nano-dollars
 */
record LineEnd(Kind kind, TokenSums tokens, long costNanoUsd) {

    /** What became of a line. */
    enum Kind {
        /** It was answered with a status of 200 to 299. */
        COMPLETED,
        /** It was refused, or could not be answered. */
        FAILED,
        /** It was not answered before the batch's window ended. */
        EXPIRED,
        /** The batch was cancelled before it was answered. */
        CANCELLED
    }

    /** Returns how the line ended whose result that is. */
    static LineEnd of(InferenceResult result) {
        return new LineEnd(
                kind(result),
                TokenSums.of(result.getUsage()),
                Math.max(0, result.getCostNanoUsd()));
    }

    /** Returns what the result says became of its line. */
    static Kind kind(InferenceResult result) {
        return switch (result.getStatus()) {
            case COMPLETED -> answeredWell(result) ? Kind.COMPLETED : Kind.FAILED;
            case EXPIRED -> Kind.EXPIRED;
            case CANCELLED -> Kind.CANCELLED;
            case FAILED, OUTCOME_UNKNOWN, UNKNOWN -> Kind.FAILED;
        };
    }

    private static boolean answeredWell(InferenceResult result) {
        Integer status = result.getHttpStatus();
        return status == null || status / 100 == 2;
    }
}
