package io.millrace.ingress.submission;

import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.topic.Headers;
import java.util.Map;

/**
 * What is written of a new job.
 *
 * @param id of the job
 * @param slot of its tenant
 * @param submit for the slot
 * @param accepted for the view
 * @param headers of the slot's record
 */
public record JobRecords(
        JobId id, int slot, Submit submit, JobAccepted accepted, Map<String, String> headers) {

    static JobRecords of(Order order, int slot, Payload body) {
        return new JobRecords(
                order.id(),
                slot,
                submit(order, body),
                accepted(order),
                Map.of(Headers.TRACEPARENT, order.trace().header()));
    }

    SlotRecord request() {
        return SlotRecord.newBuilder().setSubmit(submit).build();
    }

    JobsRecord view() {
        return JobsRecord.newBuilder().setJob(accepted).build();
    }

    /** Leaves the body out. */
    @Override
    public String toString() {
        return "JobRecords[id=%s, slot=%d]".formatted(id, slot);
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
                .setFingerprint(order.fingerprint())
                .setQueuedTokens(order.queuedTokens())
                .setEventFamily(order.events().family())
                .setWebhook(order.events().target())
                .build();
    }
}
