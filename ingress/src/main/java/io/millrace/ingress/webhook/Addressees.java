package io.millrace.ingress.webhook;

import io.millrace.ingress.control.Control;
import io.millrace.schemas.avro.DeliveryStatus;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.avro.WebhookEndpointState;
import io.millrace.schemas.avro.WebhookTarget;
import io.millrace.schemas.id.Slots;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells who is told of an event: the tenant's endpoints, and whom the wish named. Pure. */
final class Addressees {

    /** The endpoint that signs what goes to addresses named in wishes. */
    static final String DEFAULT = "default";

    private final Slots partitions;

    Addressees(Slots partitions) {
        this.partitions = partitions;
    }

    /**
     * Returns the deliveries of an event, due at once.
     *
     * @param target named in the wish; null when none was
     */
    List<WebhookDelivery> of(Event event, @Nullable WebhookTarget target, Control control) {
        List<WebhookDelivery> deliveries = new ArrayList<>();
        String type = event.type().word();
        if (target != null && (target.getEvents().isEmpty() || target.getEvents().contains(type))) {
            deliveries.add(delivery(event, DEFAULT, target));
        }
        for (Control.Endpoint endpoint : control.endpoints(event.tenant())) {
            WebhookEndpointState state = endpoint.state();
            if (state.getStoppedBecause() == null && state.getEventTypes().contains(type)) {
                deliveries.add(delivery(event, state.getEndpointId(), null));
            }
        }
        return deliveries;
    }

    private WebhookDelivery delivery(Event event, String endpoint, @Nullable WebhookTarget target) {
        String address = target == null ? "" : target.getUrl();
        return WebhookDelivery.newBuilder()
                .setDeliveryId(
                        DeliveryId.of(event.tenant(), endpoint, address, event.id(), partitions)
                                .value())
                .setTenant(event.tenant().value())
                .setEndpointId(endpoint)
                .setTarget(target)
                .setEventId(event.id())
                .setEventType(event.type().word())
                .setSubjectId(event.subject())
                .setHappenedAt(event.at())
                .setStatus(DeliveryStatus.PENDING)
                .setDueAt(event.at())
                .build();
    }
}
