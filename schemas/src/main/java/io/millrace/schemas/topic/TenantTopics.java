package io.millrace.schemas.topic;

import io.millrace.schemas.id.TenantId;
import java.util.Map;
import java.util.Optional;

/** The names of the topics that one tenant has for itself, made on demand. */
public final class TenantTopics {

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
        return "inbox." + tenant.value();
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
