package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.schemas.avro.JobStatus;
import java.time.Duration;
import java.util.Optional;

/** What becomes of a job after an attempt, or instead of one. */
public sealed interface Verdict {

    /**
     * It ends.
     *
     * @param status terminal state
     * @param httpStatus HTTP status for the client; 0 when there is none
     * @param body JSON body for the client; empty when there is none
     * @param error what went wrong; {@link #NO_ERROR} when it completed
     * @param retryAfter when the same could be asked for again, if that is known
     */
    @SuppressWarnings("ArrayRecordComponent") // bodies are bytes; verdicts are never compared
    record End(
            JobStatus status,
            int httpStatus,
            byte[] body,
            ProviderError error,
            Optional<Duration> retryAfter)
            implements Verdict {

        /** An end of which nobody knows when the same could be asked for again. */
        public End(JobStatus status, int httpStatus, byte[] body, ProviderError error) {
            this(status, httpStatus, body, error, Optional.empty());
        }

        End after(Optional<Duration> wait) {
            return new End(status, httpStatus, body, error, wait);
        }
    }

    /** It is tried again in this process after a short wait. */
    record Again(Duration after) implements Verdict {}

    /** It is tried again later, by whoever owns the slot then: it moves to a retry topic. */
    record Later(Duration after) implements Verdict {}

    /** Stands where nothing went wrong. */
    ProviderError NO_ERROR = new ProviderError("", "", "");

    /** Returns the end of a job that no provider answered. */
    static End failed(int httpStatus, ProviderError error) {
        return new End(JobStatus.FAILED, httpStatus, new byte[0], error);
    }
}
