package io.millrace.ingress.batch;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.schemas.avro.BatchLine;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.id.BatchId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Answers with the lines of a batch that have ended, in the order in which they did, while others
 * still run: one line in memory at a time. Thread-safe.
 *
 * <p>What a reader has seen it says by the id of the last line it got, or, which saves looking for
 * that line, by the cursor that the answer before named. Either way it gets each line once.
 */
final class BatchResults {

    /** Header with the cursor behind what is answered. */
    static final String NEXT = "millrace-next-after";

    private static final String CURSOR = "end_";
    private static final long NOWHERE = -1;

    private final EndedLog log;
    private final ClaimCheck payloads;

    BatchResults(EndedLog log, BlobStore blobs) {
        this.log = log;
        this.payloads = new ClaimCheck(blobs);
    }

    /**
     * Answers with what has ended and was not seen.
     *
     * @param after a cursor, the id of a line that was seen, or empty
     * @throws ApiException when {@code after} is neither
     */
    void answer(BatchState batch, String after, ServerResponse answer) {
        BatchId id = new BatchId(batch.getBatchId());
        OptionalLong cursor = cursor(after);
        try (EndedLog.Reading reading = log.open(id.viewPartition())) {
            long from =
                    cursor.isPresent()
                            ? cursor.getAsLong()
                            : behind(after, id, reading, reading.since(batch.getCreatedAt()));
            answer.header(HeaderNames.CONTENT_TYPE, "application/jsonl")
                    .header("X-Content-Type-Options", "nosniff")
                    .header(NEXT, CURSOR + Math.max(from, reading.end()));
            try (OutputStream out = answer.outputStream()) {
                reading.read(from, (_, result) -> write(id, result, out));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void write(BatchId batch, InferenceResult result, OutputStream out) {
        if (!isOf(batch, result)) {
            return;
        }
        Payload body = result.getBody();
        try {
            out.write(OutputLine.of(result, body == null ? new byte[0] : payloads.checkOut(body)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isOf(BatchId batch, InferenceResult result) {
        BatchLine line = result.getBatchLine();
        return line != null && line.getBatchId().equals(batch.value());
    }

    private static OptionalLong cursor(String after) {
        if (!after.startsWith(CURSOR)) {
            return OptionalLong.empty();
        }
        try {
            long offset = Long.parseLong(after, CURSOR.length(), after.length(), 10);
            if (offset >= 0) {
                return OptionalLong.of(offset);
            }
        } catch (NumberFormatException _) {
            // refused below, as what is negative
        }
        throw refused();
    }

    /** Returns where to go on behind the line of that id, or the beginning when there is none. */
    private static long behind(String after, BatchId batch, EndedLog.Reading reading, long first) {
        if (after.isEmpty()) {
            return first;
        }
        AtomicLong found = new AtomicLong(NOWHERE);
        reading.read(
                first,
                (offset, result) -> {
                    if (isOf(batch, result)
                            && OutputLine.requestId(result.getJobId()).equals(after)) {
                        found.set(offset);
                    }
                });
        if (found.get() == NOWHERE) {
            throw refused();
        }
        return found.get() + 1;
    }

    private static ApiException refused() {
        return new ApiException(
                ApiError.invalid(
                        "invalid_value",
                        "after must be the id of a line of this batch that has ended, or the %s of an answer."
                                .formatted(NEXT),
                        "after"));
    }
}
