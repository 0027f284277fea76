package io.millrace.dispatcher.settlement;

import io.millrace.dispatcher.settlement.Settlement.Ending.CancelKnown;
import io.millrace.dispatcher.settlement.Settlement.Ending.LaneKnown;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Poison;
import io.millrace.dispatcher.settlement.Settlement.Ending.Refused;
import io.millrace.dispatcher.settlement.Settlement.Ending.Repeated;
import io.millrace.dispatcher.settlement.Settlement.Ending.Spilled;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.KeyedRecord;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.SlotLanes;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.SourceFrontier;
import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Headers;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Addresses what a settlement publishes: topic, partition, key and bytes. */
final class Envelope {

    private final Codecs codecs;
    private final Slots slots;
    private final Predicate<InferenceResult> delivered;

    /** An envelope of a deployment in which no tenant asked for results on Kafka. */
    Envelope(Codecs codecs, Slots slots) {
        this(codecs, slots, _ -> false);
    }

    /**
     * An envelope.
     *
     * @param delivered returns whether a result is written to its tenant's own topic, too
     */
    Envelope(Codecs codecs, Slots slots, Predicate<InferenceResult> delivered) {
        this.codecs = codecs;
        this.slots = slots;
        this.delivered = delivered;
    }

    List<ProducerRecord<byte[], byte[]>> recordsOf(Settlement settlement) {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        switch (settlement.ending()) {
            case Terminal(InferenceResult result, UsageRecord usage, List<WasteRecord> waste) -> {
                records.add(result(result));
                deliver(result, records);
                records.add(usage(usage));
                waste.forEach(each -> records.add(waste(each)));
            }
            case Moved(var topic, var record, var traceparent, List<WasteRecord> waste) -> {
                int slot = settlement.slot().number();
                records.add(moved(topic.topicName(), slot, record, traceparent));
                waste.forEach(each -> records.add(waste(each)));
            }
            case Spilled(var lane, var record, var traceparent) ->
                    records.add(moved(lane, 0, record, traceparent));
            case Poison(DeadLetter letter) -> records.add(deadLetter(letter));
            case Refused(DeadLetter letter, InferenceResult answer) -> {
                records.add(deadLetter(letter));
                deliver(answer, records);
            }
            case Repeated(), LaneKnown() -> {}
            case CancelKnown(Cancel cancel) -> records.add(cancelled(settlement.slot(), cancel));
        }
        return records;
    }

    private void deliver(InferenceResult result, List<ProducerRecord<byte[], byte[]>> records) {
        if (delivered.test(result)) {
            records.add(Delivered.record(result, codecs.results().encode(result)));
        }
    }

    private ProducerRecord<byte[], byte[]> moved(
            String topic, int partition, SlotRecord moved, Optional<String> traceparent) {
        byte[] key = moved.getSubmit().getJobId().getBytes(StandardCharsets.UTF_8);
        byte[] value = codecs.slotRecords().encode(moved);
        var addressed = new ProducerRecord<>(topic, partition, key, value);
        traceparent.ifPresent(trace ->
                addressed
                        .headers()
                        .add(Headers.TRACEPARENT, trace.getBytes(StandardCharsets.UTF_8)));
        return addressed;
    }

    ProducerRecord<byte[], byte[]> frontier(int slot, SourceFrontier frontier) {
        String key = "frontier/%s/%d".formatted(frontier.getTopic(), frontier.getPartition());
        return ledger(slot, key, LedgerEntry.newBuilder().setFrontier(frontier).build());
    }

    ProducerRecord<byte[], byte[]> lanes(OwnedSlot slot) {
        SlotLanes lanes = new SlotLanes(List.copyOf(slot.lanes()));
        return ledger(slot.number(), "lanes", LedgerEntry.newBuilder().setLanes(lanes).build());
    }

    ProducerRecord<byte[], byte[]> spend(int slot, Spender spender, SpendLedger spend) {
        return ledger(slot, spender.toKey(), LedgerEntry.newBuilder().setSpend(spend).build());
    }

    /** Forgets a wish that has had its effect, or for which there is no room any more. */
    ProducerRecord<byte[], byte[]> forgotten(OwnedSlot slot, String id) {
        return tombstone(slot, Cancelled.key(id));
    }

    /** Keeps an idempotency key in mind. */
    ProducerRecord<byte[], byte[]> keyed(OwnedSlot slot, KeyedRecord record) {
        return ledger(
                slot.number(),
                Keyed.key(record.getJobId()),
                LedgerEntry.newBuilder().setKeyed(record).build());
    }

    /** Forgets an idempotency key for which there is no room any more. */
    ProducerRecord<byte[], byte[]> unkeyed(OwnedSlot slot, String id) {
        return tombstone(slot, Keyed.key(id));
    }

    private static ProducerRecord<byte[], byte[]> tombstone(OwnedSlot slot, String key) {
        return new ProducerRecord<>(
                Topic.SLOT_LEDGER.topicName(),
                slot.number(),
                key.getBytes(StandardCharsets.UTF_8),
                null);
    }

    private ProducerRecord<byte[], byte[]> cancelled(OwnedSlot slot, Cancel cancel) {
        return ledger(
                slot.number(),
                Cancelled.key(cancel.getId()),
                LedgerEntry.newBuilder().setCancelled(cancel).build());
    }

    private ProducerRecord<byte[], byte[]> ledger(int slot, String key, LedgerEntry entry) {
        return record(Topic.SLOT_LEDGER, slot, key, codecs.slotLedger().encode(entry));
    }

    private ProducerRecord<byte[], byte[]> result(InferenceResult result) {
        int partition = new JobId(result.getJobId()).viewPartition().number();
        return record(Topic.RESULTS, partition, result.getJobId(), codecs.results().encode(result));
    }

    private ProducerRecord<byte[], byte[]> usage(UsageRecord usage) {
        String tenant = usage.getTenant();
        return record(Topic.USAGE, slots.of(tenant), tenant, codecs.usage().encode(usage));
    }

    private ProducerRecord<byte[], byte[]> waste(WasteRecord waste) {
        String tenant = waste.getTenant();
        return record(Topic.WASTE, slots.of(tenant), tenant, codecs.waste().encode(waste));
    }

    private ProducerRecord<byte[], byte[]> deadLetter(DeadLetter letter) {
        String topic = letter.getSource().getTopic();
        return record(
                Topic.DEAD_LETTERS, slots.of(topic), topic, codecs.deadLetters().encode(letter));
    }

    private static ProducerRecord<byte[], byte[]> record(
            Topic topic, int partition, String key, byte[] value) {
        return new ProducerRecord<>(
                topic.topicName(), partition, key.getBytes(StandardCharsets.UTF_8), value);
    }
}
