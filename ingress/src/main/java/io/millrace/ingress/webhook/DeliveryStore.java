package io.millrace.ingress.webhook;

import io.millrace.schemas.avro.DeliveryStatus;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.serde.AvroCodec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The deliveries of one partition, on disk, in three orders.
 *
 * <pre>
 *   r/&lt;id&gt;                           the delivery itself
 *   q/&lt;line&gt;/&lt;when&gt;/&lt;id&gt;             what is to be done next, and when
 *   l/&lt;tenant&gt;/&lt;endpoint&gt;/&lt;…&gt;/&lt;id&gt;    lists, the newest first
 * </pre>
 *
 * <p>Only the thread that applies the partition changes anything; any thread may ask.
 */
final class DeliveryStore {

    /** Name of the store. */
    static final String NAME = "webhooks";

    /** The line in which what has ended waits for being forgotten. */
    static final String ENDED = "!ended";

    private static final Duration KEPT = Duration.ofDays(7);
    private static final byte[] PRESENT = {1};
    private static final int LINES_OF_WISHES = 256;

    private final KeyValueStore<String, byte[]> store;
    private final AvroCodec<WebhookDelivery> codec;

    DeliveryStore(KeyValueStore<String, byte[]> store, AvroCodec<WebhookDelivery> codec) {
        this.store = store;
        this.codec = codec;
    }

    static StoreBuilder<KeyValueStore<String, byte[]>> builder() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(NAME), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled();
    }

    /**
     * What is to be done next with a delivery.
     *
     * @param line those of one receiver wait in one line
     * @param dueMillis when
     */
    record Next(String line, long dueMillis) {

        static Next of(WebhookDelivery delivery) {
            Instant due = delivery.getDueAt();
            Instant ended = delivery.getEndedAt();
            return delivery.getStatus() == DeliveryStatus.PENDING && due != null
                    ? new Next(line(delivery), due.toEpochMilli())
                    : new Next(
                            ENDED,
                            (ended == null ? delivery.getHappenedAt() : ended)
                                    .plus(KEPT)
                                    .toEpochMilli());
        }

        // addresses of wishes are many: each tenant's share lines, so that lines stay few
        private static String line(WebhookDelivery delivery) {
            String line = delivery.getTenant() + "~" + delivery.getEndpointId();
            var target = delivery.getTarget();
            return target == null
                    ? line
                    : line
                            + "~"
                            + Math.floorMod(
                                    AddressRule.origin(target.getUrl()).hashCode(),
                                    LINES_OF_WISHES);
        }

        private String key(String id) {
            return "q/%s/%016d/%s".formatted(line, dueMillis, id);
        }
    }

    /** Keeps a delivery's state and returns the one before. */
    Optional<WebhookDelivery> put(WebhookDelivery delivery) {
        String id = delivery.getDeliveryId();
        Optional<WebhookDelivery> before = get(id);
        before.ifPresent(old -> store.delete(Next.of(old).key(id)));
        store.put("r/" + id, codec.encode(delivery));
        store.put(Next.of(delivery).key(id), PRESENT);
        store.put(listed(delivery), PRESENT);
        return before;
    }

    /** Forgets a delivery and returns what it was. */
    Optional<WebhookDelivery> remove(String id) {
        Optional<WebhookDelivery> before = get(id);
        before.ifPresent(old -> {
            store.delete(Next.of(old).key(id));
            store.delete(listed(old));
            store.delete("r/" + id);
        });
        return before;
    }

    /** Returns a delivery. */
    Optional<WebhookDelivery> get(String id) {
        return Optional.ofNullable(store.get("r/" + id)).map(codec::decode);
    }

    /** Shows everything that waits, line by line, in the order of time. */
    void forEach(BiConsumer<String, Long> each) {
        try (KeyValueIterator<String, byte[]> keys = store.range("q/", "q0")) {
            while (keys.hasNext()) {
                String[] parts = keys.next().key.split("/", -1);
                each.accept(parts[1], Long.parseLong(parts[2]));
            }
        }
    }

    /**
     * Returns the ids of a line that are due, the longest due first.
     *
     * @param without those that are seen to already
     */
    List<String> due(String line, long nowMillis, Set<String> without, int most) {
        List<String> due = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> keys =
                store.range("q/" + line + "/", "q/%s/%016d/~".formatted(line, nowMillis))) {
            while (keys.hasNext() && due.size() < most) {
                String key = keys.next().key;
                String id = key.substring(key.lastIndexOf('/') + 1);
                if (!without.contains(id)) {
                    due.add(id);
                }
            }
        }
        return due;
    }

    /** Returns when the first of a line is due; the end of time when there is none. */
    long firstDue(String line, Set<String> without) {
        try (KeyValueIterator<String, byte[]> keys =
                store.range("q/" + line + "/", "q/" + line + "0")) {
            while (keys.hasNext()) {
                String[] parts = keys.next().key.split("/", -1);
                if (!without.contains(parts[3])) {
                    return Long.parseLong(parts[2]);
                }
            }
        }
        return Long.MAX_VALUE;
    }

    /**
     * Returns deliveries to an endpoint, the newest first.
     *
     * @param after the last one of the page before; empty for the first page
     */
    List<WebhookDelivery> list(String tenant, String endpoint, String after, int most) {
        String prefix = "l/%s/%s/".formatted(tenant, endpoint);
        String from = get(after).map(DeliveryStore::listed).orElse(prefix);
        List<WebhookDelivery> found = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> keys =
                store.range(from, prefix.substring(0, prefix.length() - 1) + "0")) {
            while (keys.hasNext() && found.size() < most) {
                KeyValue<String, byte[]> entry = keys.next();
                String id = entry.key.substring(entry.key.lastIndexOf('/') + 1);
                if (!id.equals(after)) {
                    get(id).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static String listed(WebhookDelivery delivery) {
        return "l/%s/%s/%019d/%s"
                .formatted(
                        delivery.getTenant(),
                        delivery.getEndpointId(),
                        Long.MAX_VALUE - delivery.getHappenedAt().toEpochMilli(),
                        delivery.getDeliveryId());
    }
}
