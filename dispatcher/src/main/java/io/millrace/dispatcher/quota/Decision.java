package io.millrace.dispatcher.quota;

import java.time.Instant;

/** The answer to a request for a reservation. */
public sealed interface Decision {

    /** The call may start. */
    record Granted(Reservation reservation) implements Decision {}

    /**
     * The call may start later.
     *
     * @param until when to ask again
     * @param reason which quota is in the way, such as {@code requests-per-minute}
     */
    record Wait(Instant until, String reason) implements Decision {}

    /** The call may not start, and waiting does not help. */
    record Refused(String code, String message) implements Decision {}
}
