package io.millrace.ingress.webhook;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.servicekit.admin.MeterDoc;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleSupplier;

/** What the webhook room counts. Thread-safe. */
public final class WebhookMeters {

    private static final String TRIES_HELP = "Tries of sending an event, by what came of them";
    private static final String ENDED_HELP =
            "Webhook deliveries that arrived or were given up, by status";
    private static final String BACKLOG_HELP =
            "Webhook deliveries of this process's partitions that are neither done nor given up";
    private static final String OVERDUE_HELP =
            "How long the webhook delivery that is due longest has been due";

    /** The meters, for the reference page. */
    public static final List<MeterDoc> DOCS =
            List.of(
                    new MeterDoc(
                            "millrace_webhook_tries_seconds",
                            "timer",
                            TRIES_HELP,
                            List.of("outcome")),
                    new MeterDoc(
                            "millrace_webhook_deliveries_total",
                            "counter",
                            ENDED_HELP,
                            List.of("status")),
                    new MeterDoc(
                            "millrace_webhook_backlog_deliveries",
                            "gauge",
                            BACKLOG_HELP,
                            List.of()),
                    new MeterDoc(
                            "millrace_webhook_overdue_seconds", "gauge", OVERDUE_HELP, List.of()));

    private final MeterRegistry registry;

    /** Registers meters there as they are first used. */
    public WebhookMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** Measures a try. */
    void tried(Answer answer, Duration took) {
        String error = answer.error();
        Timer.builder("millrace.webhook.tries")
                .description(TRIES_HELP)
                .tag("outcome", error == null ? "delivered" : error)
                .register(registry)
                .record(took);
    }

    /** Counts a delivery that has ended. */
    void ended(WebhookDelivery delivery) {
        Counter.builder("millrace.webhook.deliveries")
                .description(ENDED_HELP)
                .tag("status", delivery.getStatus().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    /** Shows what waits. */
    void bind(DoubleSupplier backlog, DoubleSupplier overdueSeconds) {
        Gauge.builder("millrace.webhook.backlog", backlog, DoubleSupplier::getAsDouble)
                .description(BACKLOG_HELP)
                .baseUnit("deliveries")
                .strongReference(true)
                .register(registry);
        Gauge.builder("millrace.webhook.overdue", overdueSeconds, DoubleSupplier::getAsDouble)
                .description(OVERDUE_HELP)
                .baseUnit("seconds")
                .strongReference(true)
                .register(registry);
    }
}
