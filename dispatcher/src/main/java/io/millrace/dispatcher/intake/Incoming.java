package io.millrace.dispatcher.intake;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.LaneOpened;
import io.millrace.schemas.avro.Submit;

/** What a record of a slot or lane says. */
sealed interface Incoming {

    /** A job to carry out. */
    record Work(Submit submit) implements Incoming {}

    /** A record of an inbox whose job is that of another record, which had the same key. */
    record Again() implements Incoming {}

    /** A lane to read from. */
    record Lane(LaneOpened opened) implements Incoming {}

    /** The wish that a job or a batch ends. */
    record Wish(Cancel cancel) implements Incoming {}

    /** A record of an inbox that no retry will cure, and what its tenant is told. */
    record Refused(String reason, String message, InferenceResult answer) implements Incoming {}

    /** Something no retry will cure. */
    record Poison(String reason, String message) implements Incoming {}
}
