package io.millrace.dispatcher.quota;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** The answer to a request for a reservation. */
public sealed interface Decision {

    /** The call may start, and what it may use is held. */
    record Granted() implements Decision {}

    /**
     * The call may start later.
     *
     * @param until when to ask again; {@link Instant#MAX} for when a call of the tenant ends
     * @param reason what is in the way
     */
    record Wait(Instant until, WaitReason reason) implements Decision {}

    /**
     * The call may not start, and waiting does not help.
     *
     * @param httpStatus for the client
     * @param code stable code
     * @param message for a person
     * @param retryAfter when the same call could start, if that is only a matter of time
     */
    record Refused(int httpStatus, String code, String message, Optional<Duration> retryAfter)
            implements Decision {

        /** A call that could not start later either. */
        public Refused(int httpStatus, String code, String message) {
            this(httpStatus, code, message, Optional.empty());
        }
    }
}
