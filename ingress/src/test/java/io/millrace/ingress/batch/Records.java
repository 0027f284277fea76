package io.millrace.ingress.batch;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.millrace.schemas.avro.BatchLine;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.ErrorDetail;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.FileId;
import io.millrace.schemas.id.IdFactory;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;

/** Records for tests. */
final class Records {

    static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    static final ViewPartition PARTITION = new ViewPartition(3);
    static final BatchId BATCH = new IdFactory(new Random(1)).batch(PARTITION);
    static final FileId INPUT = new IdFactory(new Random(2)).file(PARTITION);

    static {
        // Avro trusts the generated classes once there are codecs of them.
        Codecs.on(new MockSchemaRegistryClient());
    }

    private Records() {}

    static BatchState validating() {
        return BatchState.newBuilder()
                .setBatchId(BATCH.value())
                .setTenant("acme")
                .setKeyId("key_1")
                .setEndpoint(TestInput.ENDPOINT)
                .setInputFileId(INPUT.value())
                .setCompletionWindow("24h")
                .setStatus(BatchStatus.VALIDATING)
                .setCreatedAt(NOW)
                .setExpiresAt(NOW.plus(Duration.ofHours(24)))
                .build();
    }

    static BatchState inProgress(int lines) {
        return Transition.validated(validating(), lines, 10L * lines, NOW);
    }

    static InferenceResult completed(int line, String body) {
        return ended(line, JobStatus.COMPLETED).setHttpStatus(200).setBody(payload(body)).build();
    }

    static InferenceResult.Builder ended(int line, JobStatus status) {
        return InferenceResult.newBuilder()
                .setJobId(BATCH.line(line).value())
                .setTenant("acme")
                .setStatus(status)
                .setEndpoint(TestInput.ENDPOINT)
                .setModel("m")
                .setUsage(new TokenUsage(10L, 0L, 0L, 0L, false))
                .setCostNanoUsd(7)
                .setAttempts(1)
                .setAcceptedAt(NOW)
                .setCompletedAt(NOW)
                .setBatchLine(new BatchLine(BATCH.value(), line, "c" + line));
    }

    static ErrorDetail error(String code) {
        return new ErrorDetail(code, "It failed.", "invalid_request_error", null);
    }

    static Payload payload(String body) {
        return new Payload(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), null);
    }
}
