package io.millrace.schemas.topic;

import static io.millrace.schemas.topic.Topic.Kept.COMPACTED;
import static io.millrace.schemas.topic.Topic.Kept.COMPACTED_AND_DELETED;
import static io.millrace.schemas.topic.Topic.Kept.DELETED;
import static io.millrace.schemas.topic.Topic.Kept.UNTIL_DONE;
import static io.millrace.schemas.topic.Topic.Partitions.ONE;
import static io.millrace.schemas.topic.Topic.Partitions.SLOTS;

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
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.NewTopic;

/** A topic that every deployment has, with what Kafka must know of it. */
@SuppressWarnings(
        "ImmutableEnumChecker") // a generated class's schema: Avro has no immutable type for it
public enum Topic {
    /** Interactive work, async jobs, and what their slot must know. */
    REQUESTS(SLOTS, UNTIL_DONE, Duration.ZERO, SlotRecord.getClassSchema()),
    /** What is tried again after 5 seconds. */
    RETRIES_5S(SLOTS, UNTIL_DONE, Duration.ZERO, SlotRecord.getClassSchema()),
    /** What is tried again after 30 seconds. */
    RETRIES_30S(SLOTS, UNTIL_DONE, Duration.ZERO, SlotRecord.getClassSchema()),
    /** What is tried again after 5 minutes. */
    RETRIES_5M(SLOTS, UNTIL_DONE, Duration.ZERO, SlotRecord.getClassSchema()),
    /** What is tried again after 30 minutes. */
    RETRIES_30M(SLOTS, UNTIL_DONE, Duration.ZERO, SlotRecord.getClassSchema()),
    /** Accepted jobs, batches and files; by view partition. */
    JOBS(SLOTS, COMPACTED, Duration.ZERO, JobsRecord.getClassSchema()),
    /** Terminal states, one a job; by view partition. */
    RESULTS(SLOTS, COMPACTED_AND_DELETED, Duration.ofDays(30), InferenceResult.getClassSchema()),
    /** Started attempts, acknowledged before the call. */
    ATTEMPTS(SLOTS, DELETED, Duration.ofDays(7), AttemptsRecord.getClassSchema()),
    /** Exactly one bill record a terminal job; by tenant. */
    USAGE(SLOTS, DELETED, Duration.ofDays(400), UsageRecord.getClassSchema()),
    /** Attempts whose outcome is unknown; by tenant. */
    WASTE(SLOTS, DELETED, Duration.ofDays(400), WasteRecord.getClassSchema()),
    /** Outcomes of calls whose slot has moved. */
    HANDOFFS(SLOTS, DELETED, Duration.ofDays(1), Handoff.getClassSchema()),
    /** All state of a slot. */
    SLOT_LEDGER(SLOTS, COMPACTED, Duration.ZERO, LedgerEntry.getClassSchema()),
    /** Accepted whole states of tenants, keys, providers and models. */
    CONTROL(ONE, COMPACTED, Duration.ZERO, ControlRecord.getClassSchema()),
    /**
     * Which dispatcher owns which slots, and where it can be asked; the last word of each counts.
     */
    CAPACITY(ONE, DELETED, Duration.ofMinutes(10), CapacityRecord.getClassSchema()),
    /** Events on their way to endpoints; by endpoint. */
    WEBHOOK_DELIVERIES(SLOTS, COMPACTED, Duration.ZERO, WebhookDelivery.getClassSchema()),
    /** What was poison; by source topic. */
    DEAD_LETTERS(SLOTS, DELETED, Duration.ofDays(30), DeadLetter.getClassSchema());

    /** How many partitions a topic has. */
    public enum Partitions {
        /** As many as the cluster has slots. */
        SLOTS,
        /** One. */
        ONE
    }

    /** What becomes of old records. */
    public enum Kept {
        /** Kept until the slot's owner deletes what lies below the frontier. */
        UNTIL_DONE,
        /** The last record of each key is kept. */
        COMPACTED,
        /** The last record of each key is kept, for a time. */
        COMPACTED_AND_DELETED,
        /** Every record is kept, for a time. */
        DELETED
    }

    /** The most bytes a record of any topic may have. */
    public static final int MAX_RECORD_BYTES = 2 * 1024 * 1024;

    /** How long at most the data of what was deleted lies in a segment that is not compacted. */
    public static final Duration COMPACTION_LAG = Duration.ofHours(12);

    private static final Duration TOMBSTONES = Duration.ofDays(7);
    private static final Duration SHORT = Duration.ofHours(1);
    private static final int COMPACTED_SEGMENT_BYTES = 16 * 1024 * 1024;

    private final Partitions partitions;
    private final Kept kept;
    private final Duration retention;
    private final Schema schema;

    Topic(Partitions partitions, Kept kept, Duration retention, Schema schema) {
        this.partitions = partitions;
        this.kept = kept;
        this.retention = retention;
        this.schema = schema;
    }

    /** Returns the name in Kafka, such as {@code slot-ledger} or {@code retries.5s}. */
    public String topicName() {
        String name = name().toLowerCase(Locale.ROOT);
        return name.startsWith("retries_") ? name.replace('_', '.') : name.replace('_', '-');
    }

    /** Returns the schema of the values. */
    public Schema schema() {
        return schema;
    }

    /** Returns the registry's subject of the values, by the topic name strategy. */
    public String subject() {
        return topicName() + "-value";
    }

    /** Returns the number of partitions in a cluster of that many slots. */
    public int partitionCount(int slots) {
        return partitions == SLOTS ? slots : 1;
    }

    /** Returns the topic's settings in Kafka's own names. */
    public Map<String, String> settings() {
        return switch (kept) {
            case UNTIL_DONE -> TenantTopics.untilDone();
            case COMPACTED -> compacted(Map.of("cleanup.policy", "compact"));
            case COMPACTED_AND_DELETED ->
                    compacted(Map.of("cleanup.policy", "compact,delete", "retention.ms", millis()));
            case DELETED -> deleted();
        };
    }

    /** Returns all topics as a deployment of that many slots is to have them. */
    public static List<NewTopic> all(int slots, short replicationFactor) {
        return Arrays.stream(values())
                .map(topic ->
                        new NewTopic(
                                        topic.topicName(),
                                        topic.partitionCount(slots),
                                        replicationFactor)
                                .configs(topic.settings()))
                .toList();
    }

    /** Returns the schema of each subject that a deployment registers. */
    public static Map<String, Schema> subjects() {
        Map<String, Schema> subjects = new LinkedHashMap<>();
        for (Topic topic : values()) {
            if (!topic.name().startsWith("RETRIES_")) {
                subjects.put(topic.subject(), topic.schema());
            }
        }
        subjects.put(
                TenantTopics.subject(TenantTopics.CANONICAL_INBOX),
                InferenceRequest.getClassSchema());
        return subjects;
    }

    private Map<String, String> deleted() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("cleanup.policy", "delete");
        settings.put("retention.ms", millis());
        settings.put("max.message.bytes", String.valueOf(MAX_RECORD_BYTES));
        if (retention.compareTo(SHORT) < 0) {
            // the segment that is written to is never deleted
            settings.put("segment.ms", millis());
        }
        return settings;
    }

    private String millis() {
        return String.valueOf(retention.toMillis());
    }

    // Small segments, so that compaction keeps up and taking over a slot stays short; the lag, so
    // that what was deleted is erased within a day although few records come. Tombstones stay as
    // long as a service with a store of its own may be away and still learn of them.
    private static Map<String, String> compacted(Map<String, String> policy) {
        Map<String, String> settings = new LinkedHashMap<>(policy);
        settings.put("segment.bytes", String.valueOf(COMPACTED_SEGMENT_BYTES));
        settings.put("max.compaction.lag.ms", String.valueOf(COMPACTION_LAG.toMillis()));
        settings.put("delete.retention.ms", String.valueOf(TOMBSTONES.toMillis()));
        settings.put("max.message.bytes", String.valueOf(MAX_RECORD_BYTES));
        return settings;
    }
}
