package io.millrace.dispatcher.intake;

import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.LaneOpened;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.Usage;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.TenantTopics;
import io.millrace.schemas.topic.Topic;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Reads records as what they say, and finds what is poison in them. */
final class RecordReader {

    // Everything derived from a record must fit into one: its result, its retry, its dead letter.
    private static final int MOST_BESIDE_BODY = 256 * 1024;

    private static final Pattern IDS = Pattern.compile("(job|batch)_[A-Za-z0-9_-]{1,64}");

    private final AvroCodec<SlotRecord> codec;
    private final Slots slots;

    RecordReader(AvroCodec<SlotRecord> codec, Slots slots) {
        this.codec = codec;
        this.slots = slots;
    }

    /**
     * Returns what a record says.
     *
     * @param slot slot whose owner reads it
     * @throws io.millrace.schemas.serde.RegistryUnavailableException when its schema cannot be
     *     asked
     */
    Incoming read(String topic, int slot, byte[] value) {
        SlotRecord content;
        try {
            content = codec.decode(value);
        } catch (UndecodableException e) {
            return new Incoming.Poison("undecodable", String.valueOf(e.getMessage()));
        }
        if (value.length - inlineBytes(content) > MOST_BESIDE_BODY) {
            return new Incoming.Poison("too_large", "what is beside the body is too large");
        }
        try {
            return said(topic, slot, content);
        } catch (IllegalArgumentException e) {
            return new Incoming.Poison("invalid", String.valueOf(e.getMessage()));
        }
    }

    private Incoming said(String topic, int slot, SlotRecord content) {
        if (Stream.of(content.getSubmit(), content.getCancel(), content.getLaneOpened())
                        .filter(Objects::nonNull)
                        .count()
                > 1) {
            return new Incoming.Poison("invalid", "the record is of several kinds");
        }
        if (content.getSubmit() != null) {
            return work(topic, slot, content.getSubmit());
        }
        if (content.getLaneOpened() != null) {
            return lane(slot, content.getLaneOpened());
        }
        if (content.getCancel() != null) {
            return cancel(slot, content.getCancel());
        }
        return new Incoming.Poison(
                "unknown_kind", "the record is of no kind known to this version");
    }

    private Incoming work(String topic, int slot, Submit submit) {
        TenantId tenant = new TenantId(submit.getTenant());
        JobId job = new JobId(submit.getJobId());
        if (job.viewPartition().number() >= slots.count()) {
            return new Incoming.Poison(
                    "invalid", "job id %s names no view partition of this cluster".formatted(job));
        }
        if (submit.getAttempts() < 0) {
            return new Incoming.Poison("invalid", "attempts must not be negative");
        }
        if (submit.getUsage() != null) {
            var _ = Usage.from(submit.getUsage()); // refuses what cannot be
        }
        Payload body = submit.getRequest().getBody();
        // what a tenant wrote itself was never offered a claim check
        int most = submit.getOrigin() == null ? ClaimCheck.INLINE_BYTES : InboxReader.MOST_BYTES;
        if (body.getInline() != null && body.getInline().remaining() > most) {
            return new Incoming.Poison("too_large", "the body is too large to travel inline");
        }
        Optional<TenantId> laneOwner = TenantTopics.tenantOfLane(topic);
        if (laneOwner.isPresent() && !laneOwner.get().equals(tenant)) {
            return new Incoming.Poison(
                    "wrong_tenant",
                    "the lane is %s's, but the job is %s's".formatted(laneOwner.get(), tenant));
        }
        return inSlot(slot, tenant).orElse(new Incoming.Work(submit));
    }

    private static int inlineBytes(SlotRecord content) {
        if (content.getSubmit() == null) {
            return 0;
        }
        ByteBuffer inline = content.getSubmit().getRequest().getBody().getInline();
        return inline == null ? 0 : inline.remaining();
    }

    private Incoming lane(int slot, LaneOpened opened) {
        TenantId tenant = new TenantId(opened.getTenant());
        Optional<TenantId> owner = TenantTopics.tenantOfLane(opened.getLane());
        if (!owner.equals(Optional.of(tenant))) {
            return new Incoming.Poison(
                    "invalid", "%s is no lane of %s".formatted(opened.getLane(), tenant));
        }
        return inSlot(slot, tenant).orElse(new Incoming.Lane(opened));
    }

    private Incoming cancel(int slot, Cancel cancel) {
        TenantId tenant = new TenantId(cancel.getTenant());
        if (!IDS.matcher(cancel.getId()).matches()) {
            return new Incoming.Poison("invalid", "the id is neither a job's nor a batch's");
        }
        return switch (cancel.getReason()) {
            case "cancelled", "expired" -> inSlot(slot, tenant).orElse(new Incoming.Wish(cancel));
            default -> new Incoming.Poison("invalid", "the reason is none known to this version");
        };
    }

    private Optional<Incoming> inSlot(int slot, TenantId tenant) {
        int home = slots.of(tenant);
        return home == slot
                ? Optional.empty()
                : Optional.of(
                        new Incoming.Poison(
                                "wrong_slot",
                                "%s lives in slot %d of %s, not in %d"
                                        .formatted(
                                                tenant, home, Topic.REQUESTS.topicName(), slot)));
    }
}
