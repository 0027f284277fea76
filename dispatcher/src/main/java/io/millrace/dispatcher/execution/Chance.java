package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.quota.WaitReason;
import java.time.Instant;

/**
 * What comes of the attempt to start a job.
 *
 * @param <S> what it starts with
 */
sealed interface Chance<S> {

    /** It starts. */
    record Go<S>(S start) implements Chance<S> {}

    /** It waits no longer and does not start: it has ended, or is another process's. */
    record Gone<S>() implements Chance<S> {}

    /** No target of its model has room, and so none for any other job of the model. */
    record NoTarget<S>() implements Chance<S> {}

    /**
     * Its tenant may not start it now.
     *
     * @param until when it may; {@link Instant#MAX} for when something of its tenant changes
     */
    record NotYet<S>(Instant until, WaitReason reason) implements Chance<S> {}
}
