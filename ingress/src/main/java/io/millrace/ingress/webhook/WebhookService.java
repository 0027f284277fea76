package io.millrace.ingress.webhook;

import io.millrace.ingress.control.Control;
import io.millrace.ingress.jobs.ViewExtension;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.avro.WebhookTarget;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.topic.Topic;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Webhooks as the view carries them: where a job or a batch is seen to end, its deliveries are
 * written; where these are read, they are kept and sent. Thread-safe.
 *
 * <pre>
 *   results, jobs ─► view ─► whom to tell? ─► webhook-deliveries ─► store ─► courier ─► receiver
 *                                                    ▲                          │
 *                                                    └──── what became of it ───┘
 * </pre>
 *
 * <p>The view's position is kept only after the deliveries are acknowledged, so that a crash tells
 * again rather than not at all; told again, a delivery has the same id and is known already.
 */
public final class WebhookService implements ViewExtension {

    private static final Logger LOG = LoggerFactory.getLogger(WebhookService.class);
    private static final int AT_ONCE = 512;
    private static final int AT_ONCE_OF_A_TENANT = 64;

    private final Supplier<Control> control;
    private final Addressees addressees;
    private final AvroCodec<WebhookDelivery> codec;
    private final Courier.Errand errand;
    private final InstantSource clock;
    private final UnderWay underWay = new UnderWay(AT_ONCE, AT_ONCE_OF_A_TENANT);
    private final Map<ViewPartition, Held> held = new ConcurrentHashMap<>();

    /**
     * Is made before the view that it extends.
     *
     * @param control what it says, once it was read
     */
    WebhookService(
            Supplier<Control> control,
            Addressees addressees,
            AvroCodec<WebhookDelivery> codec,
            Courier.Errand errand,
            InstantSource clock) {
        this.control = control;
        this.addressees = addressees;
        this.codec = codec;
        this.errand = errand;
        this.clock = clock;
    }

    @Override
    public Set<StoreBuilder<KeyValueStore<String, byte[]>>> stores() {
        return Set.of();
    }

    @Override
    public Optional<OwnTopic> topic() {
        return Optional.of(
                new OwnTopic(
                        Topic.WEBHOOK_DELIVERIES, key -> new DeliveryId(key).partition().number()));
    }

    @Override
    public Follower follow(ViewPartition partition, Stores stores) {
        DeliveryStore store = new DeliveryStore(stores.shared(), codec);
        Courier courier = new Courier(partition.digits(), store, errand, underWay, clock);
        Held holding = new Held(partition, stores, store, courier);
        held.put(partition, holding);
        courier.start();
        return holding;
    }

    /** Returns the deliveries of a partition that this process holds. */
    Optional<DeliveryStore> store(ViewPartition partition) {
        return Optional.ofNullable(held.get(partition)).map(holding -> holding.store);
    }

    /** Returns who sees to the deliveries of this process. */
    Collection<Courier> couriers() {
        return held.values().stream().map(holding -> holding.courier).toList();
    }

    /** One holding of one partition. */
    private final class Held implements Follower {

        private final ViewPartition partition;
        private final Stores stores;
        private final DeliveryStore store;
        private final Courier courier;

        Held(ViewPartition partition, Stores stores, DeliveryStore store, Courier courier) {
            this.partition = partition;
            this.stores = stores;
            this.store = store;
            this.courier = courier;
        }

        @Override
        public void accepted(String id, JobsRecord record) {
            JobAccepted job = record.getJob();
            BatchState batch = record.getBatch();
            if (batch != null) {
                EventType.of(batch.getStatus())
                        .ifPresent(type ->
                                tell(
                                        new Event(
                                                new TenantId(batch.getTenant()),
                                                type,
                                                id,
                                                endOf(batch)),
                                        batch.getWebhook()));
            } else if (job != null && job.getEventFamily() != null && heard(job)) {
                // its result may have come first
                stores.result(id).ifPresent(result -> tell(job, result));
            }
        }

        @Override
        public void ended(JobId id, InferenceResult result) {
            if (result.getBatchLine() == null) {
                stores.record(id.value())
                        .map(JobsRecord::getJob)
                        .filter(this::heard)
                        .ifPresent(job -> tell(job, result));
            }
        }

        @Override
        public void forgotten(String id) {
            // that it ended is told all the same
        }

        @Override
        public void read(String key, byte @Nullable [] value) {
            if (value == null) {
                courier.forgotten(key);
                return;
            }
            WebhookDelivery delivery = codec.decode(value);
            // told again after a crash: what is known of it stands
            boolean again =
                    delivery.getTries().isEmpty()
                            && delivery.getResends() == 0
                            && store.get(key).isPresent();
            if (!again) {
                courier.applied(delivery);
            }
        }

        @Override
        public void close() {
            held.remove(partition, this);
            courier.stop();
        }

        private boolean heard(JobAccepted job) {
            return job.getWebhook() != null
                    || !control.get().endpoints(new TenantId(job.getTenant())).isEmpty();
        }

        private void tell(JobAccepted job, InferenceResult result) {
            String family = job.getEventFamily();
            if (family != null) {
                EventType.of(family, result.getStatus())
                        .ifPresent(type ->
                                tell(
                                        new Event(
                                                new TenantId(job.getTenant()),
                                                type,
                                                job.getJobId(),
                                                result.getCompletedAt()),
                                        job.getWebhook()));
            }
        }

        private void tell(Event event, @Nullable WebhookTarget target) {
            // its delivery may be forgotten by now, and would not be known again
            if (event.at().plus(Next.KEPT).isBefore(clock.instant())) {
                LOG.atInfo()
                        .addKeyValue("tenant", event.tenant())
                        .addKeyValue("subject", event.subject())
                        .log("what ended so long ago is not told");
                return;
            }
            List<WebhookDelivery> deliveries = addressees.of(event, target, control.get());
            for (WebhookDelivery delivery : deliveries) {
                stores.emit(
                        Topic.WEBHOOK_DELIVERIES, delivery.getDeliveryId(), codec.encode(delivery));
            }
        }

        private static Instant endOf(BatchState batch) {
            return Stream.of(
                            batch.getCompletedAt(),
                            batch.getFailedAt(),
                            batch.getExpiredAt(),
                            batch.getCancelledAt())
                    .flatMap(Stream::ofNullable)
                    .findFirst()
                    .orElse(batch.getCreatedAt());
        }
    }
}
