package io.millrace.ingress.batch;

/**
 * How far the lines of a batch, or of a part of it, have come.
 *
 * @param completed lines that ended well
 * @param failed lines that failed
 * @param expired lines that were not answered in time
 * @param cancelled lines that were cancelled
 * @param tokens sum over all that ended
 * @param costNanoUsd sum over all that ended, in nano-dollars
 */
record Progress(
        int completed, int failed, int expired, int cancelled, TokenSums tokens, long costNanoUsd) {

    static final Progress NONE = new Progress(0, 0, 0, 0, TokenSums.NONE, 0);

    /** Returns the progress that is one line's end. */
    static Progress of(LineEnd end) {
        return new Progress(
                end.kind() == LineEnd.Kind.COMPLETED ? 1 : 0,
                end.kind() == LineEnd.Kind.FAILED ? 1 : 0,
                end.kind() == LineEnd.Kind.EXPIRED ? 1 : 0,
                end.kind() == LineEnd.Kind.CANCELLED ? 1 : 0,
                end.tokens(),
                end.costNanoUsd());
    }

    Progress plus(Progress other) {
        return new Progress(
                completed + other.completed,
                failed + other.failed,
                expired + other.expired,
                cancelled + other.cancelled,
                tokens.plus(other.tokens),
                TokenSums.sum(costNanoUsd, other.costNanoUsd));
    }

    /** Returns how many lines have ended, one way or another. */
    int ended() {
        return completed + notCompleted();
    }

    /** Returns how many lines have ended otherwise than well. */
    int notCompleted() {
        return failed + expired + cancelled;
    }
}
