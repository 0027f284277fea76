package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.CapacityRecord;
import io.millrace.schemas.avro.DispatcherAnnounced;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which dispatcher owns which slot, as each of them announces on {@code capacity}. A hint: what has
 * moved a moment ago is asked for in vain. Thread-safe.
 */
final class SlotOwners implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlotOwners.class);
    private static final TopicPartition CAPACITY =
            new TopicPartition(Topic.CAPACITY.topicName(), 0);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration STOP = Duration.ofSeconds(5);

    /** They repeat themselves each minute. */
    private static final Duration BELIEVED = Duration.ofMinutes(3);

    private final Bound<Consumer<byte[], byte[]>> consumer;
    private final AvroCodec<CapacityRecord> codec;
    private final InstantSource clock;
    private final Map<String, DispatcherAnnounced> last = new HashMap<>();
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread = new Thread(this::run, "slot-owners");
    private volatile Map<Integer, DispatcherAnnounced> owners = Map.of();

    /** Reads through clients of that cluster, once it is started. */
    SlotOwners(
            KafkaClients clients,
            AvroCodec<CapacityRecord> codec,
            String clientId,
            InstantSource clock) {
        this.consumer = clients.consumer(clientId + "-slot-owners", Map.of());
        this.codec = codec;
        this.clock = clock;
        thread.setDaemon(true);
    }

    /** Begins to listen; returns at once. */
    void start() {
        thread.start();
    }

    /** Returns where the owner of a slot can be asked, or none when nobody has said so lately. */
    Optional<URI> owner(int slot) {
        Instant now = clock.instant();
        return Optional.ofNullable(owners.get(slot))
                .filter(said -> said.getAnnouncedAt().plus(BELIEVED).isAfter(now))
                .map(DispatcherAnnounced::getUrl)
                .map(URI::create);
    }

    @Override
    public void close() {
        stop.countDown();
        if (!thread.isAlive()) {
            consumer.close();
            return;
        }
        consumer.client().wakeup();
        try {
            thread.join(STOP);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try (consumer) {
            consumer.client().assign(List.of(CAPACITY));
            consumer.client().seekToBeginning(List.of(CAPACITY));
            while (stop.getCount() > 0) {
                listen();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen() throws InterruptedException {
        try {
            for (ConsumerRecord<byte[], byte[]> record : consumer.client().poll(POLL)) {
                if (record.value() != null) {
                    hear(record.value());
                }
            }
        } catch (WakeupException e) {
            LOG.atDebug().log("woken to stop");
        } catch (KafkaException e) {
            LOG.atWarn().setCause(e).log("owners of slots cannot be heard");
            var _ = stop.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void hear(byte[] value) {
        try {
            DispatcherAnnounced said = codec.decode(value).getDispatcher();
            if (said != null) {
                hear(said);
            }
        } catch (UndecodableException e) {
            LOG.atDebug().setCause(e).log("announcement cannot be decoded and is left out");
        }
    }

    /** Takes the word of one dispatcher, in place of what it said before. */
    private void hear(DispatcherAnnounced said) {
        last.put(said.getProcess(), said);
        Instant old = clock.instant().minus(BELIEVED);
        last.values().removeIf(each -> each.getAnnouncedAt().isBefore(old));
        owners = owners(last);
    }

    /** Returns the owner of each slot: of two who claim it, who said so last. */
    static Map<Integer, DispatcherAnnounced> owners(Map<String, DispatcherAnnounced> said) {
        Map<Integer, DispatcherAnnounced> owners = new HashMap<>();
        for (DispatcherAnnounced each : said.values()) {
            for (int slot : each.getSlots()) {
                owners.merge(
                        slot,
                        each,
                        (one, other) ->
                                other.getAnnouncedAt().isAfter(one.getAnnouncedAt()) ? other : one);
            }
        }
        return Map.copyOf(owners);
    }
}
