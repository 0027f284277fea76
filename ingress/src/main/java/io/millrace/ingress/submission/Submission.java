package io.millrace.ingress.submission;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Makes a job of what was admitted: one record for its slot, one for the view. Thread-safe. */
public final class Submission {

    private final LogWriter log;
    private final ClaimCheck claims;
    private final Slots slots;

    /** Writes to that log; bodies too large for it go to the store of the claim check. */
    public Submission(LogWriter log, ClaimCheck claims, Slots slots) {
        this.log = log;
        this.claims = claims;
        this.slots = slots;
    }

    /**
     * Returns what was accepted, after all replicas have both records.
     *
     * @throws UnavailableException when that cannot be said: the job may exist all the same
     */
    public JobAccepted submit(Order order) {
        JobRecords records = records(order);
        String id = records.id().value();
        LogWriter.acknowledged(
                () ->
                        log.slot(
                                Topic.REQUESTS.topicName(),
                                records.slot(),
                                id,
                                records.request(),
                                records.headers()),
                () -> log.jobs(order.id().viewPartition(), id, records.view()));
        return records.accepted();
    }

    /**
     * Returns what is to be written of a job, its body stored if it is too large for the log.
     *
     * @throws UnavailableException when the body cannot be stored
     */
    public JobRecords records(Order order) {
        try {
            return JobRecords.of(
                    order,
                    slots.of(order.tenant()),
                    claims.checkIn(order.body(), bodyKey(order.id(), order.fingerprint())));
        } catch (IOException e) {
            throw new UnavailableException(
                    "The body could not be stored.", Duration.ofSeconds(1), e);
        }
    }

    /**
     * Returns the name that a job's body has in the blob store, if it is too large for the log.
     *
     * @param fingerprint of a wish that came with an idempotency key; null when none came. Such a
     *     body is stored before it is known whether the id is taken, so that another wish of the
     *     same key must not overwrite it.
     */
    public static String bodyKey(JobId job, @Nullable String fingerprint) {
        return "requests/" + job.value() + (fingerprint == null ? "" : "-" + fingerprint);
    }
}
