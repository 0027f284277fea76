package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchInputError;
import java.util.List;

/** What the check of a whole input file found. */
sealed interface Verdict {

    /**
     * It can be expanded.
     *
     * @param lines how many lines it has
     * @param tokens the most that they may use, estimated
     */
    record Sound(int lines, long tokens) implements Verdict {}

    /**
     * It cannot.
     *
     * @param errors what is wrong, in the order of the lines, the first hundred
     */
    record Unsound(List<BatchInputError> errors) implements Verdict {

        public Unsound {
            errors = List.copyOf(errors);
        }
    }
}
