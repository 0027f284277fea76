package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.TenantTopics;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tenants that produce straight to Kafka: opens, for those whose slots this process owns, their
 * inboxes and the topics of their results, and keeps them open as control says. Thread-safe.
 */
public final class KafkaDoor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaDoor.class);
    private static final Duration LOOK = Duration.ofMillis(500);
    private static final Duration GOOD_FOR = Duration.ofSeconds(30);

    /** What stands for a tenant. */
    private record Standing(
            Optional<String> principal, boolean results, int partitions, long since) {

        boolean fits(TenantState tenant) {
            return principal.equals(Optional.ofNullable(tenant.getKafkaPrincipal()))
                    && results == tenant.getKafkaResults();
        }
    }

    private final Supplier<Catalogue> catalogue;
    private final Ownership ownership;
    private final DoorTopics topics;
    private final Slots slots;
    private final LongSupplier nanos;
    private final Map<TenantId, Standing> standings = new ConcurrentHashMap<>();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("kafka-door").factory());

    KafkaDoor(
            Supplier<Catalogue> catalogue,
            Ownership ownership,
            DoorTopics topics,
            Slots slots,
            LongSupplier nanos) {
        this.catalogue = catalogue;
        this.ownership = ownership;
        this.topics = topics;
        this.slots = slots;
        this.nanos = nanos;
    }

    /** Makes a door, which opens from then on. */
    public static KafkaDoor start(
            Supplier<Catalogue> catalogue, Ownership ownership, DoorTopics topics, Slots slots) {
        KafkaDoor door = new KafkaDoor(catalogue, ownership, topics, slots, System::nanoTime);
        var _ =
                door.timer.scheduleWithFixedDelay(
                        door::safely, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
        return door;
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** Returns whether a partition of an inbox may be read. */
    boolean isOpen(TopicPartition inbox) {
        return TenantTopics.tenantOfInbox(inbox.topic())
                .flatMap(tenant -> catalogue.get().tenant(tenant.value()))
                .filter(tenant -> tenant.getKafkaPrincipal() != null)
                .flatMap(tenant -> standing(tenant).filter(standing -> standing.fits(tenant)))
                .filter(standing -> inbox.partition() < standing.partitions())
                .isPresent();
    }

    /**
     * Returns whether a result goes to its tenant's own topic, too: the tenant asked for it, and
     * the topic is there. That of an inbox's record waits for a topic that is not.
     */
    public boolean delivers(InferenceResult result) {
        return catalogue
                .get()
                .tenant(result.getTenant())
                .filter(TenantState::getKafkaResults)
                .filter(tenant -> result.getOrigin() != null || standing(tenant).isPresent())
                .isPresent();
    }

    private Optional<Standing> standing(TenantState tenant) {
        return Optional.ofNullable(standings.get(new TenantId(tenant.getName())));
    }

    private void safely() {
        try {
            round();
        } catch (RuntimeException e) {
            LOG.atWarn().setCause(e).log("inboxes are not looked after at the moment");
        }
    }

    /** Looks once after the tenants of the slots that are owned. */
    void round() {
        for (TenantState tenant : catalogue.get().tenantsAtKafka()) {
            TenantId id = new TenantId(tenant.getName());
            Optional<OwnedSlot> slot = ownership.slot(slots.of(id));
            if (slot.isPresent()) {
                stand(id, tenant);
                open(slot.get(), id, tenant);
            }
        }
    }

    private void open(OwnedSlot slot, TenantId id, TenantState tenant) {
        Standing standing = standings.get(id);
        if (standing == null || !standing.fits(tenant) || standing.principal().isEmpty()) {
            return;
        }
        for (int partition = 0; partition < standing.partitions(); partition++) {
            slot.openInbox(new TopicPartition(TenantTopics.inbox(id), partition));
        }
    }

    /** Sees to it that all is made which a tenant needs, and from time to time that it still is. */
    private void stand(TenantId id, TenantState tenant) {
        Standing before = standings.get(id);
        long now = nanos.getAsLong();
        if (before != null && before.fits(tenant) && now - before.since() < GOOD_FOR.toNanos()) {
            return;
        }
        Optional<String> principal = Optional.ofNullable(tenant.getKafkaPrincipal());
        try {
            int partitions = topics.ensure(id, principal, tenant.getKafkaResults());
            standings.put(id, new Standing(principal, tenant.getKafkaResults(), partitions, now));
            if (before == null) {
                LOG.atInfo().addKeyValue("tenant", id).log("kafka door is open");
            }
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("tenant", id).setCause(e).log("kafka door does not open yet");
        }
    }
}
