package io.millrace.ingress.webhook;

import io.millrace.ingress.control.Control;
import io.millrace.ingress.control.EndpointChanges;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.WebhookEndpointState;
import io.millrace.schemas.id.TenantId;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Makes, changes and deletes a tenant's endpoints. Thread-safe. */
final class EndpointDesk {

    private static final Duration BOTH_SIGN = Duration.ofHours(24);
    private static final int ID_BYTES = 16;

    private final Supplier<Control> control;
    private final EndpointChanges changes;
    private final WishCheck check;
    private final int most;
    private final InstantSource clock;
    private final RandomGenerator random;

    /**
     * Wires it.
     *
     * @param most endpoints a tenant may have
     */
    EndpointDesk(
            Supplier<Control> control,
            EndpointChanges changes,
            WishCheck check,
            int most,
            InstantSource clock,
            RandomGenerator random) {
        this.control = control;
        this.changes = changes;
        this.check = check;
        this.most = most;
        this.clock = clock;
        this.random = random;
    }

    List<Control.Endpoint> all(TenantId tenant) {
        return control.get().endpoints(tenant).stream()
                .filter(endpoint -> !endpoint.state().getUrl().isEmpty())
                .toList();
    }

    Control.Endpoint find(TenantId tenant, String id) {
        return all(tenant).stream()
                .filter(endpoint -> endpoint.state().getEndpointId().equals(id))
                .findFirst()
                .orElseThrow(EndpointDesk::missing);
    }

    Control.Endpoint create(TenantId tenant, EndpointWish wish) {
        String url = EndpointWish.required(wish.url(), "url");
        List<String> types = EndpointWish.required(wish.eventTypes(), "event_types");
        check.endpoint(url, "url");
        String name = wish.name();
        byte[] drawn = new byte[ID_BYTES];
        random.nextBytes(drawn);
        WebhookEndpointState state =
                WebhookEndpointState.newBuilder()
                        .setEndpointId("whe_" + HexFormat.of().formatHex(drawn))
                        .setTenant(tenant.value())
                        .setName(name == null ? URI.create(url).getHost() : name)
                        .setUrl(url)
                        .setEventTypes(types)
                        .setCreatedAt(now())
                        .setStoppedBecause(Boolean.FALSE.equals(wish.enabled()) ? "wished" : null)
                        .build();
        return written(() -> changes.create(state, most));
    }

    Control.Endpoint update(TenantId tenant, String id, EndpointWish wish) {
        var _ = find(tenant, id);
        String url = wish.url();
        if (url != null) {
            check.endpoint(url, "url");
        }
        return changed(tenant, id, null, state -> updated(state, wish));
    }

    private static WebhookEndpointState updated(WebhookEndpointState state, EndpointWish wish) {
        WebhookEndpointState.Builder after = WebhookEndpointState.newBuilder(state);
        if (wish.name() != null) {
            after.setName(wish.name());
        }
        if (wish.url() != null) {
            after.setUrl(wish.url());
        }
        if (wish.eventTypes() != null) {
            after.setEventTypes(wish.eventTypes());
        }
        if (wish.enabled() != null) {
            after.setStoppedBecause(wish.enabled() ? null : "wished");
        }
        return after.build();
    }

    void delete(TenantId tenant, String id) {
        var _ = find(tenant, id);
        try {
            changes.delete(tenant, id);
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    /**
     * Gives an endpoint another secret, the default one too.
     *
     * @param both whether the old one signs beside it for a day
     */
    Control.Endpoint rotate(TenantId tenant, String id, boolean both) {
        boolean standard = id.equals(Addressees.DEFAULT);
        if (!standard) {
            var _ = find(tenant, id);
        }
        return changed(
                tenant,
                id,
                standard ? standard(tenant) : null,
                state ->
                        WebhookEndpointState.newBuilder(state)
                                .setSecretNumber(state.getSecretNumber() + 1)
                                .setOldSecretUntil(both ? now().plus(BOTH_SIGN) : null)
                                .build());
    }

    /** Stops an endpoint whose receiver is gone. */
    void stop(TenantId tenant, String id) {
        var _ =
                changes.update(
                        tenant,
                        id,
                        null,
                        state ->
                                WebhookEndpointState.newBuilder(state)
                                        .setStoppedBecause("gone")
                                        .build());
    }

    private WebhookEndpointState standard(TenantId tenant) {
        return WebhookEndpointState.newBuilder()
                .setEndpointId(Addressees.DEFAULT)
                .setTenant(tenant.value())
                .setName(Addressees.DEFAULT)
                .setUrl("")
                .setCreatedAt(now())
                .build();
    }

    private Control.Endpoint changed(
            TenantId tenant,
            String id,
            @Nullable WebhookEndpointState otherwise,
            UnaryOperator<WebhookEndpointState> change) {
        return written(() -> changes.update(tenant, id, otherwise, change));
    }

    private Control.Endpoint written(Supplier<EndpointChanges.Outcome> write) {
        try {
            return switch (write.get()) {
                case EndpointChanges.Outcome.Done(Control.Endpoint endpoint) -> endpoint;
                case EndpointChanges.Outcome.Missing() -> throw missing();
                case EndpointChanges.Outcome.TooMany() ->
                        throw EndpointWish.wrong(
                                "too_many_endpoints",
                                "A tenant has at most %d endpoints.".formatted(most),
                                "");
            };
        } catch (KafkaException e) {
            throw unavailable(e);
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis());
    }

    private static UnavailableException unavailable(KafkaException e) {
        return new UnavailableException(
                "The endpoint could not be written.", Duration.ofSeconds(1), e);
    }

    private static ApiException missing() {
        return new ApiException(ApiError.notFound("not_found", "There is no such endpoint."));
    }
}
