package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Source;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import java.time.Instant;
import java.util.Optional;

/**
 * A job that this process has read and not settled.
 *
 * @param submit what was submitted
 * @param slot the slot it belongs to; when that is lost the job is another process's
 * @param source where it was read from
 * @param offset offset of its record
 * @param traceparent W3C trace context it came with
 * @param progress what was done for it so far
 */
public record Job(
        Submit submit,
        OwnedSlot slot,
        Source source,
        long offset,
        Optional<String> traceparent,
        Progress progress) {

    private static final long OVERHEAD_BYTES = 1024;

    /** Returns its id. */
    public JobId id() {
        return new JobId(submit.getJobId());
    }

    /** Returns what it takes in memory, roughly. */
    public long bytes() {
        Payload body = submit.getRequest().getBody();
        return OVERHEAD_BYTES + (body.getInline() == null ? 0 : body.getInline().remaining());
    }

    /** Returns the tenant it is charged to. */
    public TenantId tenant() {
        return new TenantId(submit.getTenant());
    }

    /** Returns its tier; that of a batch line is {@link Tier#BATCH}. */
    public Tier tier() {
        if (submit.getBatchLine() != null) {
            return Tier.BATCH;
        }
        Tier asked = submit.getRequest().getTier();
        return asked == Tier.UNKNOWN ? Tier.DEFAULT : asked;
    }

    /** Returns whether it has expired at that time. */
    public boolean isExpired(Instant now) {
        return expiresAt().filter(end -> !now.isBefore(end)).isPresent();
    }

    /** Returns the wish that it ends, if there is one. */
    public Optional<Cancel> cancellation() {
        return slot.cancellation(submit);
    }

    /** Returns whether it is still to be carried out, by this process. */
    public boolean isWanted() {
        return slot.isOwned() && cancellation().isEmpty();
    }

    /** Returns when it expires, if it does. */
    public Optional<Instant> expiresAt() {
        return Optional.ofNullable(submit.getRequest().getExpiresAt());
    }

    /** Returns where it was read from. */
    public SourcePosition position() {
        return new SourcePosition(
                source.partition().topic(), source.partition().partition(), offset);
    }

    /** Returns the same job with other progress. */
    public Job with(Progress after) {
        return new Job(submit, slot, source, offset, traceparent, after);
    }
}
