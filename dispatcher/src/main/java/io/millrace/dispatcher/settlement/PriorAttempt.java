package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.AttemptStarted;

/**
 * An attempt that was journalled, before this ownership of the slot began, for a job that is not
 * settled.
 *
 * @param started what was journalled
 * @param journalOffset offset of that record in attempts
 * @param end what the journal says of its end
 */
public record PriorAttempt(AttemptStarted started, long journalOffset, End end) {

    /** What the journal says of an attempt's end. */
    public enum End {
        /** Nothing: its call may still run where it was started. */
        OPEN,
        /** Its outcome allows another attempt. */
        RETRYABLE,
        /** The provider was not called. */
        NOT_MADE,
        /** Its outcome will never be known. */
        UNKNOWN;

        /** Returns the end that a record of {@code attempts} tells of. */
        static End of(String outcome) {
            return switch (outcome) {
                case "retryable" -> RETRYABLE;
                case "not_made" -> NOT_MADE;
                default -> UNKNOWN;
            };
        }
    }

    /** Returns whether the call may still run where it was started. */
    public boolean isOpen() {
        return end == End.OPEN;
    }

    /** Returns whether it ended in a way that allows another attempt and costs nothing. */
    public boolean outcomeKnown() {
        return end == End.RETRYABLE || end == End.NOT_MADE;
    }
}
