package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchState;

/** What the owner of a batch is to do with it next. */
enum NextStep {
    /** Check the whole input. */
    VALIDATE,
    /** Write the next lines to the lane. */
    EXPAND,
    /** Nothing until another line has ended. */
    AWAIT_LINES,
    /** Record that all lines have ended. */
    BEGIN_FINALIZING,
    /** Write the output and the errors, and end the batch. */
    FINISH,
    /** Nothing ever again. */
    NONE;

    /** Decides from the batch's recorded state and from how far its lines have come. */
    static NextStep of(BatchState state, Progress progress) {
        return switch (state.getStatus()) {
            case VALIDATING -> VALIDATE;
            case IN_PROGRESS, CANCELLING -> {
                if (state.getExpandedLines() < state.getTotalLines()) {
                    yield EXPAND;
                }
                yield progress.ended() < state.getTotalLines() ? AWAIT_LINES : BEGIN_FINALIZING;
            }
            case FINALIZING -> FINISH;
            case FAILED, COMPLETED, EXPIRED, CANCELLED, UNKNOWN -> NONE;
        };
    }
}
