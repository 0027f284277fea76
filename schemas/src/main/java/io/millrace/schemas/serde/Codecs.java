package io.millrace.schemas.serde;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.CapacityRecord;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.LedgerEntry;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.topic.TenantTopics;
import io.millrace.schemas.topic.Topic;
import org.apache.avro.specific.SpecificRecord;

/**
 * The codecs of all topics, on one registry client. Thread-safe.
 *
 * @param slotRecords of requests, lanes and retries
 * @param inboxes of the inboxes of all tenants
 */
public record Codecs(
        AvroCodec<SlotRecord> slotRecords,
        AvroCodec<JobsRecord> jobs,
        AvroCodec<InferenceResult> results,
        AvroCodec<AttemptsRecord> attempts,
        AvroCodec<UsageRecord> usage,
        AvroCodec<WasteRecord> waste,
        AvroCodec<Handoff> handoffs,
        AvroCodec<LedgerEntry> slotLedger,
        AvroCodec<ControlRecord> control,
        AvroCodec<CapacityRecord> capacity,
        AvroCodec<WebhookDelivery> webhookDeliveries,
        AvroCodec<DeadLetter> deadLetters,
        AvroCodec<InferenceRequest> inboxes) {

    /** Returns codecs that ask that registry, in which every subject must be registered. */
    public static Codecs on(SchemaRegistryClient registry) {
        return new Codecs(
                codec(SlotRecord.class, Topic.REQUESTS, registry),
                codec(JobsRecord.class, Topic.JOBS, registry),
                codec(InferenceResult.class, Topic.RESULTS, registry),
                codec(AttemptsRecord.class, Topic.ATTEMPTS, registry),
                codec(UsageRecord.class, Topic.USAGE, registry),
                codec(WasteRecord.class, Topic.WASTE, registry),
                codec(Handoff.class, Topic.HANDOFFS, registry),
                codec(LedgerEntry.class, Topic.SLOT_LEDGER, registry),
                codec(ControlRecord.class, Topic.CONTROL, registry),
                codec(CapacityRecord.class, Topic.CAPACITY, registry),
                codec(WebhookDelivery.class, Topic.WEBHOOK_DELIVERIES, registry),
                codec(DeadLetter.class, Topic.DEAD_LETTERS, registry),
                new AvroCodec<>(InferenceRequest.class, TenantTopics.CANONICAL_INBOX, registry));
    }

    private static <T extends SpecificRecord> AvroCodec<T> codec(
            Class<T> type, Topic topic, SchemaRegistryClient registry) {
        return new AvroCodec<>(type, topic.topicName(), registry);
    }
}
