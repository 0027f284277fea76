package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.execution.Job;
import io.millrace.dispatcher.execution.Progress;
import io.millrace.dispatcher.settlement.Keyed;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlement.Ending.CancelKnown;
import io.millrace.dispatcher.settlement.Settlement.Ending.LaneKnown;
import io.millrace.dispatcher.settlement.Settlement.Ending.Poison;
import io.millrace.dispatcher.settlement.Settlement.Ending.Refused;
import io.millrace.dispatcher.settlement.Settlement.Ending.Repeated;
import io.millrace.dispatcher.settlement.Settlement.Ending.Spilled;
import io.millrace.dispatcher.settlement.Source;
import io.millrace.dispatcher.settlement.WaitLane;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.serde.RegistryUnavailableException;
import io.millrace.schemas.topic.Headers;
import io.millrace.schemas.topic.TenantTopics;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives each record that is read, whichever consumer read it: skips what is settled, starts jobs
 * or moves them to their tenant's wait lane, opens lanes, and lays poison aside. Thread-safe.
 */
final class Reception {

    private static final Logger LOG = LoggerFactory.getLogger(Reception.class);

    private final RecordReader reader;
    private final InboxReader inboxes;
    private final LookAhead lookAhead;
    private final Consumer<Job> jobs;
    private final BiConsumer<OwnedSlot, Cancel> cancels;
    private final Consumer<Settlement> settlements;
    private final Letters letters;
    private final InstantSource clock;

    Reception(
            RecordReader reader,
            InboxReader inboxes,
            LookAhead lookAhead,
            Consumer<Job> jobs,
            BiConsumer<OwnedSlot, Cancel> cancels,
            Consumer<Settlement> settlements,
            InstantSource clock) {
        this.cancels = cancels;
        this.reader = reader;
        this.inboxes = inboxes;
        this.lookAhead = lookAhead;
        this.clock = clock;
        this.jobs = jobs;
        this.settlements = settlements;
        this.letters = new Letters(clock);
    }

    /**
     * Receives a record of a source.
     *
     * @throws RegistryUnavailableException when it cannot be decoded now; then it counts as not
     *     read
     */
    void receive(OwnedSlot slot, Source source, ConsumerRecord<byte[], byte[]> kafkaRecord) {
        Incoming incoming = read(slot, kafkaRecord);
        if (!source.read(kafkaRecord.offset())) {
            return;
        }
        switch (incoming) {
            case Incoming.Work(Submit submit) -> begin(job(slot, source, kafkaRecord, submit));
            case Incoming.Again() ->
                    settlements.accept(settlement(slot, source, kafkaRecord, new Repeated()));
            case Incoming.Lane(var opened) -> {
                slot.openLane(opened.getLane());
                settlements.accept(settlement(slot, source, kafkaRecord, new LaneKnown()));
            }
            case Incoming.Wish(var cancel) -> {
                slot.cancel(cancel);
                cancels.accept(slot, cancel);
                // behind what it ends: a job that has ended by itself has done so first
                settlements.accept(settlement(slot, source, kafkaRecord, new CancelKnown(cancel)));
            }
            case Incoming.Poison(String reason, String message) -> {
                Poison ending = new Poison(letter(kafkaRecord, reason, message));
                settlements.accept(settlement(slot, source, kafkaRecord, ending));
            }
            case Incoming.Refused(String reason, String message, var answer) -> {
                Refused ending = new Refused(letter(kafkaRecord, reason, message), answer);
                settlements.accept(settlement(slot, source, kafkaRecord, ending));
            }
        }
    }

    private Incoming read(OwnedSlot slot, ConsumerRecord<byte[], byte[]> kafkaRecord) {
        Optional<TenantId> writer = TenantTopics.tenantOfInbox(kafkaRecord.topic());
        if (writer.isPresent()) {
            return ofInbox(slot, writer.get(), kafkaRecord);
        }
        byte @Nullable [] value = kafkaRecord.value();
        return value == null
                ? new Incoming.Poison("empty", "the record has no value")
                : reader.read(kafkaRecord.topic(), slot.number(), value);
    }

    private Incoming ofInbox(
            OwnedSlot slot, TenantId tenant, ConsumerRecord<byte[], byte[]> kafkaRecord) {
        Incoming read = inboxes.read(tenant, kafkaRecord);
        if (!(read instanceof Incoming.Work(Submit submit))) {
            return read;
        }
        return switch (inboxes.key(submit, kafkaRecord)
                .map(slot.keyed()::claim)
                .orElse(Keyed.Claim.FIRST)) {
            case FIRST -> read;
            case REPEATED -> new Incoming.Again();
            case OTHER -> inboxes.keyTaken(tenant, kafkaRecord);
        };
    }

    private DeadLetter letter(
            ConsumerRecord<byte[], byte[]> kafkaRecord, String reason, String message) {
        LOG.atWarn()
                .addKeyValue("topic", kafkaRecord.topic())
                .addKeyValue("partition", kafkaRecord.partition())
                .addKeyValue("offset", kafkaRecord.offset())
                .addKeyValue("reason", reason)
                .log("record is poison");
        return letters.letter(kafkaRecord, reason, message);
    }

    /**
     * Passes a job on that lies unread and ends now: expired, or ended by a wish.
     *
     * @return when the record's job expires that stays; {@link Instant#MAX} for never
     */
    Instant sweep(OwnedSlot slot, Source source, ConsumerRecord<byte[], byte[]> kafkaRecord) {
        if (source.isSettled(kafkaRecord.offset())
                || !(read(slot, kafkaRecord) instanceof Incoming.Work(Submit submit))) {
            return Instant.MAX;
        }
        Job job = job(slot, source, kafkaRecord, submit);
        if (!job.isExpired(clock.instant()) && job.cancellation().isEmpty()) {
            return job.expiresAt().orElse(Instant.MAX);
        }
        if (source.endsUnread(kafkaRecord.offset())) {
            jobs.accept(job);
        }
        return Instant.MAX;
    }

    private void begin(Job job) {
        lookAhead
                .laneFor(job, clock.instant())
                .ifPresentOrElse(lane -> spill(job, lane), () -> jobs.accept(job));
    }

    private void spill(Job job, WaitLane lane) {
        lane.moved(job.offset());
        job.slot().openLane(TenantTopics.waitLane(job.tenant())); // should it have been let go
        SlotRecord moved = SlotRecord.newBuilder().setSubmit(job.submit()).build();
        Spilled ending = new Spilled(TenantTopics.waitLane(job.tenant()), moved, job.traceparent());
        settlements.accept(
                new Settlement(job.slot(), job.source(), job.offset(), List.of(), ending));
    }

    private static Job job(
            OwnedSlot slot,
            Source source,
            ConsumerRecord<byte[], byte[]> kafkaRecord,
            Submit submit) {
        Optional<String> traceparent =
                Optional.ofNullable(kafkaRecord.headers().lastHeader(Headers.TRACEPARENT))
                        .map(Header::value)
                        .map(value -> new String(value, StandardCharsets.UTF_8));
        return new Job(
                submit, slot, source, kafkaRecord.offset(), traceparent, Progress.of(submit));
    }

    private static Settlement settlement(
            OwnedSlot slot,
            Source source,
            ConsumerRecord<byte[], byte[]> kafkaRecord,
            Settlement.Ending ending) {
        return new Settlement(slot, source, kafkaRecord.offset(), List.of(), ending);
    }
}
