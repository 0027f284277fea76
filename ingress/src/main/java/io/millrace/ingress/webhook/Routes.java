package io.millrace.ingress.webhook;

import io.millrace.ingress.control.Control;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.avro.WebhookEndpointState;
import io.millrace.schemas.avro.WebhookTarget;
import io.millrace.schemas.id.TenantId;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells where a delivery goes now, and signs it. Thread-safe. */
final class Routes {

    /** Why there is nowhere to send: the endpoint was deleted, or is not known here yet. */
    static final String UNKNOWN = "endpoint_unknown";

    private final SecretVault vault;

    Routes(SecretVault vault) {
        this.vault = vault;
    }

    /** Where a delivery goes. */
    sealed interface Route {

        /** To a receiver. */
        record To(Post post) implements Route {}

        /** Nowhere. */
        record Nowhere(String why) implements Route {}
    }

    /** Returns where a delivery goes at that time. */
    Route of(WebhookDelivery delivery, Control control, Instant now) {
        TenantId tenant = new TenantId(delivery.getTenant());
        Optional<WebhookEndpointState> endpoint =
                control.endpoint(tenant, delivery.getEndpointId()).map(Control.Endpoint::state);
        WebhookTarget target = delivery.getTarget();
        byte[] body =
                Event.body(
                        delivery.getEventId(),
                        delivery.getEventType(),
                        delivery.getSubjectId(),
                        delivery.getHappenedAt());
        if (target != null) {
            return secrets(tenant, target, endpoint, now)
                    .map(all -> to(target.getUrl(), all, delivery.getEventId(), now, body))
                    .orElseGet(() -> new Route.Nowhere("secret_unreadable"));
        }
        if (endpoint.isEmpty()) {
            return new Route.Nowhere(UNKNOWN);
        }
        if (endpoint.get().getStoppedBecause() != null) {
            return new Route.Nowhere("endpoint_stopped");
        }
        return to(
                endpoint.get().getUrl(),
                secrets(endpoint.get(), now),
                delivery.getEventId(),
                now,
                body);
    }

    /** Returns an event to an endpoint, signed at that time. */
    Post test(WebhookEndpointState endpoint, Event event) {
        return post(
                endpoint.getUrl(),
                secrets(endpoint, event.at()),
                event.id(),
                event.at(),
                Event.body(event.id(), event.type().word(), event.subject(), event.at()));
    }

    /** Returns the secret of an endpoint that is in force. */
    SigningSecret secret(WebhookEndpointState endpoint) {
        return vault.of(
                new TenantId(endpoint.getTenant()),
                endpoint.getEndpointId(),
                endpoint.getSecretNumber());
    }

    @SuppressWarnings("OptionalUsedAsFieldOrParameterType") // as control has it
    private Optional<List<SigningSecret>> secrets(
            TenantId tenant,
            WebhookTarget target,
            Optional<WebhookEndpointState> standard,
            Instant now) {
        ByteBuffer sealed = target.getSealedSecret();
        if (sealed != null) {
            byte[] bytes = new byte[sealed.remaining()];
            sealed.duplicate().get(bytes);
            return vault.open(tenant, bytes).map(List::of);
        }
        return Optional.of(
                standard.map(endpoint -> secrets(endpoint, now))
                        .orElseGet(() -> List.of(vault.of(tenant, Addressees.DEFAULT, 0))));
    }

    private List<SigningSecret> secrets(WebhookEndpointState endpoint, Instant now) {
        List<SigningSecret> secrets = new ArrayList<>();
        secrets.add(secret(endpoint));
        Instant until = endpoint.getOldSecretUntil();
        if (until != null && until.isAfter(now)) {
            secrets.add(
                    vault.of(
                            new TenantId(endpoint.getTenant()),
                            endpoint.getEndpointId(),
                            endpoint.getSecretNumber() - 1));
        }
        return secrets;
    }

    private static Route to(
            String url, List<SigningSecret> secrets, String id, Instant now, byte[] body) {
        return new Route.To(post(url, secrets, id, now, body));
    }

    private static Post post(
            String url, List<SigningSecret> secrets, String id, Instant now, byte[] body) {
        long seconds = now.getEpochSecond();
        return new Post(
                URI.create(URI.create(url).toASCIIString()),
                id,
                seconds,
                secrets.stream().map(secret -> secret.sign(id, seconds, body)).toList(),
                body);
    }
}
