package io.millrace.ingress.control;

import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.avro.WebhookEndpointState;
import io.millrace.schemas.id.TenantId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Changes the endpoints of webhooks, and waits until this process sees it. Thread-safe. */
public final class EndpointChanges {

    private static final Duration SEEN = Duration.ofSeconds(3);

    private final Writing writer;
    private final Seeing view;
    private final InstantSource clock;

    /** Writes by that writer, and waits for that view. */
    public EndpointChanges(Writing writer, Seeing view, InstantSource clock) {
        this.writer = writer;
        this.view = view;
        this.clock = clock;
    }

    /** Writes what is decided of what the control topic says. */
    @FunctionalInterface
    public interface Writing {

        /** See {@link ControlWriter#change}. */
        void change(boolean look, ControlWriter.Decision decision);
    }

    /** Sees what the control topic says. */
    @FunctionalInterface
    public interface Seeing {

        /** See {@link ControlView#await}. */
        boolean await(Predicate<Control> saying, Duration atMost);
    }

    /** What became of a change. */
    public sealed interface Outcome {

        /** It is so now. */
        record Done(Control.Endpoint endpoint) implements Outcome {}

        /** There is no such endpoint. */
        record Missing() implements Outcome {}

        /** The tenant has as many as it may have. */
        record TooMany() implements Outcome {}
    }

    /** Makes an endpoint, unless its tenant has that many already. */
    public Outcome create(WebhookEndpointState state, int most) {
        Changing changing = new Changing();
        writer.change(
                false,
                current -> {
                    long there =
                            current.values().stream()
                                    .map(ControlRecord::getWebhookEndpoint)
                                    .filter(other ->
                                            other != null
                                                    && other.getTenant().equals(state.getTenant())
                                                    && !other.getUrl().isEmpty())
                                    .count();
                    if (!state.getUrl().isEmpty() && there >= most) {
                        changing.outcome = new Outcome.TooMany();
                        return Map.of();
                    }
                    return changing.to(null, state);
                });
        return seen(changing.outcome);
    }

    /**
     * Changes an endpoint.
     *
     * @param otherwise what it is changed from when there is none; null to leave it so
     */
    public Outcome update(
            TenantId tenant,
            String id,
            @Nullable WebhookEndpointState otherwise,
            UnaryOperator<WebhookEndpointState> change) {
        Changing changing = new Changing();
        writer.change(
                false,
                current -> {
                    ControlRecord before = current.get(key(tenant.value(), id));
                    WebhookEndpointState state =
                            before == null ? otherwise : before.getWebhookEndpoint();
                    if (state == null) {
                        changing.outcome = new Outcome.Missing();
                        return Map.of();
                    }
                    return changing.to(before, change.apply(state));
                });
        return seen(changing.outcome);
    }

    /** Deletes an endpoint. */
    public void delete(TenantId tenant, String id) {
        String key = key(tenant.value(), id);
        writer.change(
                false,
                current -> current.containsKey(key) ? Map.of(key, Optional.empty()) : Map.of());
        var _ = view.await(control -> control.endpoint(tenant, id).isEmpty(), SEEN);
    }

    private Outcome seen(Outcome outcome) {
        if (outcome instanceof Outcome.Done(Control.Endpoint endpoint)) {
            WebhookEndpointState state = endpoint.state();
            var _ =
                    view.await(
                            control ->
                                    control.endpoint(
                                                    new TenantId(state.getTenant()),
                                                    state.getEndpointId())
                                            .filter(there ->
                                                    there.record().getVersion()
                                                            >= endpoint.record().getVersion())
                                            .isPresent(),
                            SEEN);
        }
        return outcome;
    }

    private static String key(String tenant, String id) {
        return "webhook/" + tenant + "/" + id;
    }

    /** One change, which may be decided several times. */
    private final class Changing {

        private Outcome outcome = new Outcome.Missing();

        Map<String, Optional<ControlRecord>> to(
                @Nullable ControlRecord before, WebhookEndpointState state) {
            if (before != null && state.equals(before.getWebhookEndpoint())) {
                outcome = new Outcome.Done(new Control.Endpoint(state, before));
                return Map.of();
            }
            ControlRecord after =
                    ControlRecord.newBuilder()
                            .setVersion(before == null ? 1 : before.getVersion() + 1)
                            .setManagedBy(Wishes.BY_API)
                            .setUpdatedAt(clock.instant())
                            .setWebhookEndpoint(state)
                            .build();
            outcome = new Outcome.Done(new Control.Endpoint(state, after));
            return Map.of(key(state.getTenant(), state.getEndpointId()), Optional.of(after));
        }
    }
}
