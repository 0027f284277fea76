package io.millrace.ingress.submission;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.topic.Headers;
import io.millrace.schemas.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

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
        String id = order.id().value();
        JobAccepted accepted = accepted(order);
        LogWriter.acknowledged(
                () ->
                        log.slot(
                                Topic.REQUESTS.topicName(),
                                slots.of(order.tenant()),
                                id,
                                SlotRecord.newBuilder()
                                        .setSubmit(submit(order, payload(order)))
                                        .build(),
                                Map.of(Headers.TRACEPARENT, order.trace().header())),
                () ->
                        log.jobs(
                                order.id().viewPartition(),
                                id,
                                JobsRecord.newBuilder().setJob(accepted).build()));
        return accepted;
    }

    /** Returns the name that a job's body has in the blob store, if it is too large for the log. */
    public static String bodyKey(JobId job) {
        return "requests/" + job.value();
    }

    private Payload payload(Order order) {
        try {
            return claims.checkIn(order.body(), bodyKey(order.id()));
        } catch (IOException e) {
            throw new UnavailableException(
                    "The body could not be stored.", Duration.ofSeconds(1), e);
        }
    }

    private static Submit submit(Order order, Payload body) {
        return Submit.newBuilder()
                .setJobId(order.id().value())
                .setTenant(order.tenant().value())
                .setKeyId(order.keyId())
                .setRequest(
                        InferenceRequest.newBuilder()
                                .setEndpoint(order.endpoint())
                                .setBody(body)
                                .setTier(order.tier())
                                .setExpiresAt(order.expiresAt())
                                .setMetadata(order.metadata())
                                .build())
                .setModel(order.model())
                .setAcceptedAt(order.acceptedAt())
                .setSynchronous(order.synchronous())
                .build();
    }

    private static JobAccepted accepted(Order order) {
        return JobAccepted.newBuilder()
                .setJobId(order.id().value())
                .setTenant(order.tenant().value())
                .setKeyId(order.keyId())
                .setEndpoint(order.endpoint())
                .setModel(order.model())
                .setTier(order.tier())
                .setAcceptedAt(order.acceptedAt())
                .setExpiresAt(order.expiresAt())
                .setMetadata(order.metadata())
                .setQueuedTokens(order.queuedTokens())
                .build();
    }
}
