package io.millrace.ingress.submission;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.Topic;
import java.time.Instant;
import java.util.Map;

/**
 * Writes the wish that a job ends into the job's slot, whose owner lets it end wherever it is.
 * Thread-safe.
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
     * Returns after all replicas have the wish. A second one changes nothing, nor does one for a
     * job that has ended.
     *
     * @throws io.millrace.ingress.http.UnavailableException when that cannot be said
     */
    public void wish(JobId job, TenantId tenant, Instant now) {
        Cancel cancel = new Cancel(job.value(), tenant.value(), REASON, now);
        LogWriter.acknowledged(() ->
                log.slot(
                        Topic.REQUESTS.topicName(),
                        slots.of(tenant),
                        job.value(),
                        SlotRecord.newBuilder().setCancel(cancel).build(),
                        Map.of()));
    }
}
