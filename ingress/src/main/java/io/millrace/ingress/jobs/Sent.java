package io.millrace.ingress.jobs;

import io.millrace.ingress.admission.Envelope;
import io.millrace.ingress.admission.JobWish;
import io.millrace.ingress.admission.Reading;
import io.millrace.servicekit.http.Json;

/**
 * A wish as it was sent.
 *
 * @param door path it came to: {@link #JOBS}, or that of an endpoint
 * @param body JSON in UTF-8: an envelope, or the body of the call
 * @param synchronous whether a connection waits for its result
 * @param forwarded whether it came from another ingress
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes: passed on, never compared
record Sent(String door, byte[] body, boolean synchronous, boolean forwarded) {

    static final String JOBS = "/v1/jobs";

    /** Returns what was read of it. */
    Reading read() {
        return door.equals(JOBS)
                ? Envelope.read(Json.parse(body))
                : Envelope.read(door, Json.parse(body));
    }

    /** Returns the body of the call itself, JSON in UTF-8. */
    byte[] call(JobWish wish) {
        return door.equals(JOBS) ? Json.bytes(wish.body()) : body;
    }

    /** Leaves the body out. */
    @Override
    public String toString() {
        return "Sent[door=%s]".formatted(door);
    }
}
