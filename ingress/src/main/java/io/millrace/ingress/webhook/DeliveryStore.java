package io.millrace.ingress.webhook;

import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.serde.AvroCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The deliveries of one partition, on disk, in three orders.
 *
 * <pre>
 *   wd/&lt;id&gt;                          the delivery itself
 *   wq/&lt;line&gt;/&lt;when&gt;/&lt;id&gt;            what is to be done next, and when
 *   wl/&lt;tenant&gt;/&lt;endpoint&gt;/&lt;…&gt;/&lt;id&gt;   lists, the newest first
 * </pre>
 *
 * <p>Only the thread that applies the partition changes anything; any thread may ask.
 */
final class DeliveryStore {

    private static final byte[] PRESENT = {1};

    private final KeyValueStore<String, byte[]> store;
    private final AvroCodec<WebhookDelivery> codec;

    /** Keeps them in a store that others may use too, by other keys. */
    DeliveryStore(KeyValueStore<String, byte[]> store, AvroCodec<WebhookDelivery> codec) {
        this.store = store;
        this.codec = codec;
    }

    /** A delivery's place in a line. */
    record Place(String id, long dueMillis) {}

    /** Shows one after the other what waits in which line. */
    @FunctionalInterface
    interface Look {

        void at(String line, long dueMillis);
    }

    /** Keeps a delivery's state and returns the one before. */
    Optional<WebhookDelivery> put(WebhookDelivery delivery) {
        String id = delivery.getDeliveryId();
        Optional<WebhookDelivery> before = get(id);
        before.ifPresent(old -> store.delete(queued(Next.of(old), id)));
        store.put("wd/" + id, codec.encode(delivery));
        store.put(queued(Next.of(delivery), id), PRESENT);
        store.put(listed(delivery), PRESENT);
        return before;
    }

    /** Forgets a delivery and returns what it was. */
    Optional<WebhookDelivery> remove(String id) {
        Optional<WebhookDelivery> before = get(id);
        before.ifPresent(old -> {
            store.delete(queued(Next.of(old), id));
            store.delete(listed(old));
            store.delete("wd/" + id);
        });
        return before;
    }

    /** Returns a delivery. */
    Optional<WebhookDelivery> get(String id) {
        return Optional.ofNullable(store.get("wd/" + id)).map(codec::decode);
    }

    /** Shows everything that waits, line by line, in the order of time. */
    void forEach(Look look) {
        try (KeyValueIterator<String, byte[]> keys = store.range("wq/", "wq0")) {
            while (keys.hasNext()) {
                String[] parts = keys.next().key.split("/", -1);
                look.at(parts[1], Long.parseLong(parts[2]));
            }
        }
    }

    /**
     * Returns the first places of a line in the order of time.
     *
     * @param fromMillis before that there is none that is asked for: what was taken from the head
     *     of a line leaves marks of its deletion, which are passed over slowly
     * @param without those that are seen to already
     */
    List<Place> first(String line, long fromMillis, Set<String> without, int most) {
        List<Place> places = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> keys =
                store.range("wq/%s/%016d".formatted(line, fromMillis), "wq/" + line + "0")) {
            while (keys.hasNext() && places.size() < most) {
                String[] parts = keys.next().key.split("/", -1);
                if (!without.contains(parts[3])) {
                    places.add(new Place(parts[3], Long.parseLong(parts[2])));
                }
            }
        }
        return places;
    }

    /** Returns a page of the deliveries to an endpoint: none after one that is not listed there. */
    List<WebhookDelivery> list(Deliveries.Query query, int most) {
        String prefix = "wl/%s/%s/".formatted(query.tenant(), query.endpoint());
        String end = prefix.substring(0, prefix.length() - 1) + "0";
        Optional<String> after = get(query.after()).map(DeliveryStore::listed);
        if (!query.after().isEmpty() && after.filter(key -> key.startsWith(prefix)).isEmpty()) {
            return List.of();
        }
        List<WebhookDelivery> found = new ArrayList<>();
        try (KeyValueIterator<String, byte[]> keys =
                query.ascending()
                        ? store.reverseRange(prefix, after.orElse(end))
                        : store.range(after.orElse(prefix), end)) {
            while (keys.hasNext() && found.size() < most) {
                String id = id(keys.next().key);
                if (!id.equals(query.after())) {
                    get(id).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private static String id(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    private static String queued(Next next, String id) {
        return "wq/%s/%016d/%s".formatted(next.line(), next.dueMillis(), id);
    }

    private static String listed(WebhookDelivery delivery) {
        return "wl/%s/%s/%019d/%s"
                .formatted(
                        delivery.getTenant(),
                        delivery.getEndpointId(),
                        Long.MAX_VALUE - delivery.getHappenedAt().toEpochMilli(),
                        delivery.getDeliveryId());
    }
}
