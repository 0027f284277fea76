package io.millrace.ingress.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.jobs.JobView;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.id.BatchId;
import io.millrace.servicekit.http.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/**
 * Cancels batches at their owner, the only one who may record their state, wherever it is.
 * Thread-safe.
 */
final class BatchCancels {

    /** What follows the id in the address where an owner is told. */
    static final String CANCEL = "/cancel";

    private static final String STATUS = "status";
    private static final String CANCELLING_AT = "cancelling_at_ms";

    private final JobView view;
    private final Function<BatchId, Optional<BatchState>> local;

    /**
     * Tells whoever owns a batch.
     *
     * @param local cancels a batch that this process owns; none of any other
     */
    BatchCancels(JobView view, Function<BatchId, Optional<BatchState>> local) {
        this.view = view;
        this.local = local;
    }

    /**
     * Returns the batch as it stands after the wish: being cancelled, or as it was when that is too
     * late.
     *
     * @throws UnavailableException when that cannot be said
     */
    BatchState cancel(BatchState batch) {
        BatchId id = new BatchId(batch.getBatchId());
        return local.apply(id)
                .or(() ->
                        view.tellOwner(id.viewPartition(), BatchCounts.PATH + id + CANCEL)
                                .map(told -> read(told, batch)))
                .orElseThrow(() ->
                        new UnavailableException(
                                "The batch is moving to another ingress.", Duration.ofSeconds(1)));
    }

    /** Returns what an owner answers another ingress. */
    static ObjectNode json(BatchState batch) {
        ObjectNode json = Json.object();
        json.put(STATUS, batch.getStatus().name());
        Instant cancellingAt = batch.getCancellingAt();
        if (cancellingAt != null) {
            json.put(CANCELLING_AT, cancellingAt.toEpochMilli());
        }
        return json;
    }

    private static BatchState read(byte[] told, BatchState before) {
        JsonNode json = Json.parse(told);
        BatchState.Builder after =
                BatchState.newBuilder(before)
                        .setStatus(BatchStatus.valueOf(json.path(STATUS).asText()));
        if (json.has(CANCELLING_AT)) {
            after.setCancellingAt(Instant.ofEpochMilli(json.path(CANCELLING_AT).longValue()));
        }
        return after.build();
    }
}
