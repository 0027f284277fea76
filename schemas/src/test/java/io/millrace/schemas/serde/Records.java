package io.millrace.schemas.serde;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.LaneOpened;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;

/** Records for tests. */
final class Records {

    static final Instant NOON = Instant.parse("2026-11-22T12:00:00.123Z");

    private Records() {}

    static SlotRecord submit(String body) {
        InferenceRequest request =
                InferenceRequest.newBuilder()
                        .setEndpoint("/v1/embeddings")
                        .setBody(
                                new Payload(
                                        ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)),
                                        null))
                        .setMetadata(Map.of("order", "17"))
                        .setExpiresAt(NOON.plusSeconds(60))
                        .build();
        return SlotRecord.newBuilder()
                .setSubmit(
                        Submit.newBuilder()
                                .setJobId("job_000123456789abcdefghijklmnop")
                                .setTenant("acme")
                                .setKeyId("key")
                                .setRequest(request)
                                .setModel("small")
                                .setAcceptedAt(NOON)
                                .build())
                .build();
    }

    static SlotRecord cancel() {
        return SlotRecord.newBuilder()
                .setCancel(
                        new Cancel("batch_000123456789abcdefghijklmnop", "acme", "expired", NOON))
                .build();
    }

    static SlotRecord laneOpened() {
        return SlotRecord.newBuilder()
                .setLaneOpened(new LaneOpened("acme", "lanes.acme.batch"))
                .build();
    }
}
