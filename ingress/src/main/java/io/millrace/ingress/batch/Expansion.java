package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchLine;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.id.BatchId;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns the next lines of a checked input into jobs, as many as one transaction holds: 500, or
 * fewer when they are large. Stateless: where it stopped is the batch's checkpoint.
 */
final class Expansion {

    /** The most lines in one transaction. */
    static final int MAX_LINES = 500;

    private static final long MAX_BYTES = 8L * 1024 * 1024;

    private final ClaimCheck payloads;

    /** Checks bodies that are too large to travel inline in there. */
    Expansion(ClaimCheck payloads) {
        this.payloads = payloads;
    }

    /**
     * Returns the next lines as jobs, with the batch's state behind them.
     *
     * @param reader stands behind the last line that was expanded
     * @throws IOException when the input cannot be read or a body not be stored
     * @throws IllegalStateException when the input is not what was checked
     */
    BatchLog.Entry next(BatchState batch, LineReader reader) throws IOException {
        LineCheck check = new LineCheck(batch.getEndpoint());
        List<Submit> lines = new ArrayList<>();
        BatchState state = batch;
        long bytes = 0;
        while (lines.size() < MAX_LINES
                && bytes < MAX_BYTES
                && state.getExpandedLines() < batch.getTotalLines()) {
            RawLine raw = reader.next().orElseThrow(() -> changed(batch));
            if (!(check.check(raw) instanceof CheckedLine.Sound(InputLine line))) {
                throw changed(batch);
            }
            byte[] body = Json.bytes(line.body());
            bytes += body.length;
            lines.add(job(batch, line, body));
            state = Transition.expanded(state, raw.number(), raw.end());
        }
        return new BatchLog.Entry(state, lines, List.of());
    }

    private Submit job(BatchState batch, InputLine line, byte[] body) throws IOException {
        String jobId = new BatchId(batch.getBatchId()).line(line.number()).value();
        Payload payload =
                payloads.checkIn(
                        body, "batches/%s/%d".formatted(batch.getBatchId(), line.number()));
        return Submit.newBuilder()
                .setJobId(jobId)
                .setTenant(batch.getTenant())
                .setKeyId(batch.getKeyId())
                .setRequest(
                        InferenceRequest.newBuilder()
                                .setEndpoint(batch.getEndpoint())
                                .setBody(payload)
                                .setTier(Tier.BATCH)
                                .setExpiresAt(batch.getExpiresAt())
                                .setMetadata(Map.of())
                                .build())
                .setModel(line.model())
                .setAcceptedAt(batch.getCreatedAt())
                .setBatchLine(new BatchLine(batch.getBatchId(), line.number(), line.customId()))
                .build();
    }

    private static IllegalStateException changed(BatchState batch) {
        return new IllegalStateException(
                "the input of %s is not what was checked".formatted(batch.getBatchId()));
    }
}
