package io.millrace.dispatcher.quota;

import java.time.Instant;

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
     */
    record Refused(int httpStatus, String code, String message) implements Decision {}
}
