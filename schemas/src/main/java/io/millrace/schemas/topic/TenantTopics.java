package io.millrace.schemas.topic;

import io.millrace.schemas.id.TenantId;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The names of the topics that one tenant has for itself, made on demand. */
public final class TenantTopics {

    /** The name under which the schema of all inboxes is registered, beside each one's own. */
    public static final String CANONICAL_INBOX = "inbox";

    /** The most bytes that a batch of records of an inbox may have: a record of 1 MiB, alone. */
    public static final int MAX_INBOX_BYTES = 1024 * 1024 + 12;

    private static final Duration RESULTS_KEPT = Duration.ofDays(7);
    private static final String INBOX = "inbox.";
    private static final String LANES = "lanes.";
    private static final String BATCH = ".batch";
    private static final String WAIT = ".wait";

    private TenantTopics() {}

    /** Returns the lane of batch lines and flex work: one partition. */
    public static String batchLane(TenantId tenant) {
        return LANES + tenant.value() + BATCH;
    }

    /** Returns the lane of work that was over quota: one partition. */
    public static String waitLane(TenantId tenant) {
        return LANES + tenant.value() + WAIT;
    }

    /** Returns whether a topic is a lane of work that was over quota. */
    public static boolean isWaitLane(String topic) {
        return topic.startsWith(LANES) && topic.endsWith(WAIT);
    }

    /** Returns the topic the tenant itself produces to. */
    public static String inbox(TenantId tenant) {
        return INBOX + tenant.value();
    }

    /** Returns the tenant that an inbox belongs to, or none when the topic is no inbox. */
    public static Optional<TenantId> tenantOfInbox(String topic) {
        return topic.startsWith(INBOX)
                ? TenantId.parse(topic.substring(INBOX.length()))
                : Optional.empty();
    }

    /**
     * Returns the settings of an inbox. Its time is the broker's, so that no client can choose when
     * its job was accepted, and it is stored as it is, so that the broker and not its reader is
     * shown what a compressed batch unfolds to.
     */
    public static Map<String, String> inboxSettings() {
        Map<String, String> settings = new HashMap<>(untilDone());
        settings.put("max.message.bytes", String.valueOf(MAX_INBOX_BYTES));
        settings.put("message.timestamp.type", "LogAppendTime");
        settings.put("compression.type", "uncompressed");
        return settings;
    }

    /** Returns the settings of the topic of a tenant's results. */
    public static Map<String, String> resultsSettings() {
        return Map.of(
                "cleanup.policy",
                "delete",
                "retention.ms",
                String.valueOf(RESULTS_KEPT.toMillis()),
                "max.message.bytes",
                String.valueOf(Topic.MAX_RECORD_BYTES));
    }

    /** Returns the registry's subject of the values of a topic, by the topic name strategy. */
    public static String subject(String topic) {
        return topic + "-value";
    }

    /** Returns the topic of the results of a tenant that asked for Kafka delivery. */
    public static String results(TenantId tenant) {
        return "results." + tenant.value();
    }

    /** Returns the tenant that a lane belongs to, or none when the topic is no lane. */
    public static Optional<TenantId> tenantOfLane(String topic) {
        if (!topic.startsWith(LANES)) {
            return Optional.empty();
        }
        String lane = topic.substring(LANES.length());
        return without(BATCH, lane).or(() -> without(WAIT, lane)).flatMap(TenantId::parse);
    }

    /** Returns the settings of a topic whose records its reader deletes when they are done. */
    public static Map<String, String> untilDone() {
        return Map.of(
                "cleanup.policy",
                "delete",
                "retention.ms",
                "-1",
                "max.message.bytes",
                String.valueOf(Topic.MAX_RECORD_BYTES));
    }

    private static Optional<String> without(String ending, String name) {
        return name.endsWith(ending)
                ? Optional.of(name.substring(0, name.length() - ending.length()))
                : Optional.empty();
    }
}
