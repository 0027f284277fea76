package io.millrace.ingress.webhook;

import io.helidon.webserver.http.HttpService;
import io.millrace.ingress.admission.WebhookGate;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.control.ControlView;
import io.millrace.ingress.control.ControlWriter;
import io.millrace.ingress.control.EndpointChanges;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.jobs.ViewExtension;
import io.millrace.ingress.submission.DeliveryLog;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import java.time.Duration;
import java.util.Map;

/**
 * The webhook room, wired: first what extends the view, then, when there is a view, the routes.
 * Thread-safe.
 */
public final class WebhookRoom implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(15);
    private static final Duration START = Duration.ofMinutes(2);
    private static final int CONNECTIONS = 1024;

    private final ServiceEnvironment env;
    private final DeliveryLog log;
    private final Slots partitions;
    private final Resolver resolver = new Resolver();
    private final HttpCarrier carrier;
    private final Routes routes;
    private final WishCheck check;
    private final EndpointDesk desk;
    private final WebhookService service;

    /** Wires what extends the view. */
    public WebhookRoom(
            ServiceEnvironment env,
            Codecs codecs,
            DeliveryLog log,
            ControlView control,
            ControlWriter writer,
            WebhooksConfig config) {
        this.env = env;
        this.log = log;
        this.partitions = new Slots(env.kafka().config().slots());
        AddressRule rule = new AddressRule(config.allowPrivateNetworks());
        SecretVault vault = new SecretVault(env.internal(), env.random());
        this.carrier = new HttpCarrier(rule, resolver, PATIENCE, CONNECTIONS);
        this.routes = new Routes(vault);
        this.check = new WishCheck(rule, resolver, vault);
        this.desk =
                new EndpointDesk(
                        control,
                        new EndpointChanges(writer::change, control::await, env.clock()),
                        check,
                        config.endpoints(),
                        env.clock(),
                        env.random());
        WebhookMeters meters = new WebhookMeters(env.meters());
        this.service =
                new WebhookService(
                        () -> control.loaded(START),
                        new Addressees(partitions),
                        codecs.webhookDeliveries(),
                        new Errands(
                                () -> control.loaded(START),
                                routes,
                                carrier,
                                log,
                                desk::stop,
                                meters,
                                env.clock(),
                                env.random()),
                        env.clock());
        meters.bind(
                () -> service.couriers().stream().mapToLong(Courier::pending).sum(),
                () ->
                        service.couriers().stream()
                                .mapToLong(courier -> courier.overdue().toSeconds())
                                .max()
                                .orElse(0));
    }

    /** Returns what extends the view, and sends the events. */
    public ViewExtension service() {
        return service;
    }

    /** Returns what judges where jobs and batches want their events to be sent. */
    public WebhookGate gate() {
        return check;
    }

    /** Returns the routes by the paths they are to be registered under. */
    public Map<String, HttpService> routes(
            Authentication authentication, Bodies bodies, JobView view) {
        Deliveries deliveries = new Deliveries(view, service::store, log, partitions, env.clock());
        return Map.of(
                "/v1/webhook_endpoints",
                new EndpointRoutes(
                        authentication,
                        bodies,
                        desk,
                        routes,
                        new Trial(routes, carrier, env.clock(), env.random()),
                        deliveries),
                "/v1/webhook_deliveries",
                new DeliveryRoutes(authentication, deliveries),
                "/v1/webhook_event_types",
                new EventTypeRoutes(authentication),
                Deliveries.PATH,
                new InnerRoutes(deliveries));
    }

    @Override
    public void close() {
        service.couriers().forEach(Courier::stop);
        carrier.close();
        resolver.close();
    }
}
