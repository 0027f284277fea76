package io.millrace.ingress.batch;

import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.avro.LaneOpened;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.TenantTopics;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Deployment;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * Makes batch lanes and tells the owners of their slots, who let a lane go after 10 minutes without
 * a record: whoever writes to it tells them again when the last news is older than 5. Thread-safe.
 *
 * <p>The news is not part of the transaction that writes the lines: an open transaction on {@code
 * requests} would hold up the interactive work of the slot.
 */
final class KafkaLanes implements Lanes {

    private static final Duration NEWS_HOLD = Duration.ofMinutes(5);

    private final Deployment deployment;
    private final LogWriter log;
    private final Slots slots;
    private final short replicationFactor;
    private final InstantSource clock;
    private final Map<TenantId, Instant> told = new ConcurrentHashMap<>();

    KafkaLanes(
            Deployment deployment,
            LogWriter log,
            Slots slots,
            short replicationFactor,
            InstantSource clock) {
        this.deployment = deployment;
        this.log = log;
        this.slots = slots;
        this.replicationFactor = replicationFactor;
        this.clock = clock;
    }

    @Override
    public void open(TenantId tenant) {
        Instant now = clock.instant();
        Instant last = told.get(tenant);
        if (last != null && now.isBefore(last.plus(NEWS_HOLD))) {
            return;
        }
        String lane = TenantTopics.batchLane(tenant);
        deployment.ensure(
                List.of(
                        new NewTopic(lane, 1, replicationFactor)
                                .configs(TenantTopics.untilDone())));
        LogWriter.acknowledged(() ->
                log.slot(
                        Topic.REQUESTS.topicName(),
                        slots.of(tenant),
                        tenant.value(),
                        SlotRecord.newBuilder()
                                .setLaneOpened(new LaneOpened(tenant.value(), lane))
                                .build(),
                        Map.of()));
        told.put(tenant, now);
    }
}
