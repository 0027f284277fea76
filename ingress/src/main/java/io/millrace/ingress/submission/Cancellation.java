package io.millrace.ingress.submission;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.Topic;
import java.time.Instant;
import java.util.Map;

/**
 * Writes the wish that a job, or all lines of a batch, end into their slot, whose owner lets them
 * end wherever they are. Thread-safe.
 */
public final class Cancellation {

    private static final String REASON = "cancelled";

    private final LogWriter log;
    private final Slots slots;

    /** Writes to that log. */
    public Cancellation(LogWriter log, Slots slots) {
        this.log = log;
        this.slots = slots;
    }

    /**
     * Returns after all replicas have the wish. A second one changes nothing, nor does one for what
     * has ended.
     *
     * @param id of the job, or of the batch
     * @throws io.millrace.ingress.http.UnavailableException when that cannot be said
     */
    public void wish(String id, TenantId tenant, Instant now) {
        Cancel cancel = new Cancel(id, tenant.value(), REASON, now);
        LogWriter.acknowledged(() ->
                log.slot(
                        Topic.REQUESTS.topicName(),
                        slots.of(tenant),
                        id,
                        SlotRecord.newBuilder().setCancel(cancel).build(),
                        Map.of()));
    }
}
