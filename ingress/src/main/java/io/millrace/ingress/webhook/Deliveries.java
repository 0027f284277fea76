package io.millrace.ingress.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.submission.DeliveryLog;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.servicekit.http.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/** Deliveries wherever they are held: lists, looks and sends again. Thread-safe. */
final class Deliveries {

    /** The path that other ingresses are asked on. */
    static final String PATH = "/internal/webhooks";

    /** What follows an id where its owner is told to send it again. */
    static final String REDELIVER = "/redeliver";

    private final JobView view;
    private final Function<ViewPartition, Optional<DeliveryStore>> local;
    private final DeliveryLog log;
    private final Slots partitions;
    private final InstantSource clock;

    /**
     * Looks at what is held here, and asks for the rest.
     *
     * @param local the deliveries of a partition that this process holds
     */
    Deliveries(
            JobView view,
            Function<ViewPartition, Optional<DeliveryStore>> local,
            DeliveryLog log,
            Slots partitions,
            InstantSource clock) {
        this.view = view;
        this.local = local;
        this.log = log;
        this.partitions = partitions;
        this.clock = clock;
    }

    /**
     * Which deliveries are asked for.
     *
     * @param after the last one of the page before; empty for the first page
     */
    record Query(TenantId tenant, String endpoint, String after, int limit, boolean ascending) {

        String path() {
            return "%s?tenant=%s&endpoint=%s&after=%s&limit=%d&order=%s"
                    .formatted(
                            PATH,
                            encoded(tenant.value()),
                            encoded(endpoint),
                            encoded(after),
                            limit,
                            ascending ? "asc" : "desc");
        }
    }

    /** Returns a page of the deliveries to an endpoint, JSON in UTF-8. */
    byte[] page(Query query) {
        return here(query)
                .or(() ->
                        view.askOwner(
                                DeliveryId.home(query.tenant(), query.endpoint(), partitions),
                                query.path()))
                .orElseThrow(Deliveries::moving);
    }

    /** Returns a page if it is held here. */
    Optional<byte[]> here(Query query) {
        return local.apply(DeliveryId.home(query.tenant(), query.endpoint(), partitions))
                .map(store -> asked(() -> store.list(query, query.limit() + 1)))
                .map(found -> page(found, query.limit()));
    }

    private static byte[] page(List<WebhookDelivery> found, int limit) {
        List<WebhookDelivery> page = found.subList(0, Math.min(limit, found.size()));
        ObjectNode body = Json.object();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        page.forEach(delivery -> data.add(DeliveryJson.of(delivery)));
        body.put("first_id", page.isEmpty() ? null : page.getFirst().getDeliveryId());
        body.put("last_id", page.isEmpty() ? null : page.getLast().getDeliveryId());
        body.put("has_more", found.size() > limit);
        return Json.bytes(body);
    }

    /** Returns a delivery, JSON in UTF-8, or none. */
    Optional<byte[]> one(TenantId tenant, DeliveryId id) {
        return local.apply(id.partition()).isPresent()
                ? oneHere(tenant, id)
                : view.askOwner(id.partition(), path(tenant, id, ""));
    }

    /** Returns a delivery that is held here, or none. */
    Optional<byte[]> oneHere(TenantId tenant, DeliveryId id) {
        return find(tenant, id).map(delivery -> Json.bytes(DeliveryJson.of(delivery)));
    }

    /** Sends a delivery again, whatever became of it, and returns it, or none. */
    Optional<byte[]> again(TenantId tenant, DeliveryId id) {
        return local.apply(id.partition()).isPresent()
                ? againHere(tenant, id)
                : view.tellOwner(id.partition(), path(tenant, id, REDELIVER));
    }

    /** Sends a delivery again that is held here, or none. */
    Optional<byte[]> againHere(TenantId tenant, DeliveryId id) {
        Optional<WebhookDelivery> again =
                find(tenant, id).map(delivery -> Course.again(delivery, clock.instant()));
        again.ifPresent(
                delivery -> LogWriter.acknowledged(() -> log.delivery(id.partition(), delivery)));
        return again.map(delivery -> Json.bytes(DeliveryJson.of(delivery)));
    }

    private Optional<WebhookDelivery> find(TenantId tenant, DeliveryId id) {
        return local.apply(id.partition())
                .flatMap(store -> asked(() -> store.get(id.value())))
                .filter(delivery -> delivery.getTenant().equals(tenant.value()));
    }

    private static <T> T asked(Supplier<T> question) {
        try {
            return question.get();
        } catch (InvalidStateStoreException e) {
            throw new UnavailableException(
                    "These deliveries are moving to another ingress.", Duration.ofSeconds(1), e);
        }
    }

    private static String path(TenantId tenant, DeliveryId id, String what) {
        return "%s/%s%s?tenant=%s".formatted(PATH, id, what, encoded(tenant.value()));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static UnavailableException moving() {
        return new UnavailableException(
                "These deliveries are moving to another ingress.", Duration.ofSeconds(1));
    }
}
