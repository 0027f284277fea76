package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.AttemptStarted;

/**
 * An attempt that a former owner of a slot journalled for a job that is not settled.
 *
 * @param started what it journalled
 * @param journalOffset offset of that record in attempts
 * @param outcomeKnown whether it ended with a recorded outcome that allowed another attempt
 */
public record PriorAttempt(AttemptStarted started, long journalOffset, boolean outcomeKnown) {}
