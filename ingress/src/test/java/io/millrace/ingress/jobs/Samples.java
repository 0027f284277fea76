package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.AttemptReport;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.avro.TokenUsage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Records as tests need them. */
final class Samples {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final String BODY = "{\"answer\":42}";

    private Samples() {}

    static String job(int number) {
        return "job_00" + "%026d".formatted(number);
    }

    static JobsRecord accepted(String id, String tenant, Instant at) {
        return JobsRecord.newBuilder()
                .setJob(
                        JobAccepted.newBuilder()
                                .setJobId(id)
                                .setTenant(tenant)
                                .setKeyId("key_1")
                                .setEndpoint("/v1/embeddings")
                                .setModel("m")
                                .setTier(Tier.DEFAULT)
                                .setAcceptedAt(at)
                                .build())
                .build();
    }

    static JobsRecord queued(String id, String tenant, long tokens) {
        JobAccepted job = accepted(id, tenant, NOW).getJob();
        return JobsRecord.newBuilder()
                .setJob(JobAccepted.newBuilder(job).setQueuedTokens(tokens).build())
                .build();
    }

    static JobsRecord batch(String id, String tenant, BatchStatus status, int lines, long tokens) {
        return JobsRecord.newBuilder()
                .setBatch(
                        BatchState.newBuilder()
                                .setBatchId(id)
                                .setTenant(tenant)
                                .setKeyId("key_1")
                                .setEndpoint("/v1/embeddings")
                                .setInputFileId("file-1")
                                .setCompletionWindow("24h")
                                .setStatus(status)
                                .setTotalLines(lines)
                                .setQueuedTokens(tokens)
                                .setCreatedAt(NOW)
                                .setExpiresAt(NOW)
                                .build())
                .build();
    }

    static AttemptReport attempt(int number, String outcome) {
        return AttemptReport.newBuilder()
                .setNumber(number)
                .setProvider("p")
                .setModel("x")
                .setStartedAt(NOW)
                .setEndedAt(NOW)
                .setOutcome(outcome)
                .setHttpStatus(200)
                .build();
    }

    static InferenceResult completed(String id, String tenant) {
        return InferenceResult.newBuilder()
                .setJobId(id)
                .setTenant(tenant)
                .setStatus(JobStatus.COMPLETED)
                .setHttpStatus(200)
                .setBody(new Payload(ByteBuffer.wrap(BODY.getBytes(StandardCharsets.UTF_8)), null))
                .setEndpoint("/v1/embeddings")
                .setModel("m")
                .setUsage(TokenUsage.newBuilder().setInputTokens(7).build())
                .setCostNanoUsd(1_500_000_000L)
                .setAttempts(1)
                .setAcceptedAt(NOW)
                .setStartedAt(NOW)
                .setCompletedAt(NOW)
                .build();
    }
}
