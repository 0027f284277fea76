package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchInputError;

/** What the check of one line found. */
sealed interface CheckedLine {

    /** It can be carried out. */
    record Sound(InputLine line) implements CheckedLine {}

    /** It cannot, and for that the whole batch fails. */
    record Broken(BatchInputError error) implements CheckedLine {}
}
