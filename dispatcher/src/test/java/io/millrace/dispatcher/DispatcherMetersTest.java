package io.millrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.dispatcher.routing.Capacity;
import io.millrace.dispatcher.routing.Target;
import io.millrace.dispatcher.routing.TargetController;
import io.millrace.schemas.money.Usage;
import io.millrace.servicekit.admin.MeterDoc;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DispatcherMetersTest {

    private final PrometheusMeterRegistry registry =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final DispatcherMeters meters = new DispatcherMeters(registry);

    private static final List<Capacity.Standing> STANDINGS =
            List.of(
                    new Capacity.Standing(
                            new Target("p", "t", 1), TargetController.State.PROBING, 1, 0, 9.5));

    @Test
    void targetsThatAreGoneAreNotShownAnyMore() {
        // Given
        meters.targets(STANDINGS);
        assertThat(registry.scrape())
                .contains("millrace_dispatcher_target_state{model=\"t\",provider=\"p\"} 1.0");

        // When
        meters.targets(List.of());

        // Then
        assertThat(registry.scrape()).doesNotContain("millrace_dispatcher_target_state{");
    }

    @Test
    void everyDocumentedMeterIsScrapedUnderItsNameWithItsHelp() {
        // Given
        meters.gauges(() -> 1, () -> 2, () -> 3);
        meters.handedOver("completed");
        meters.adopted("told");
        meters.fenced("expelled");
        meters.quota(Map::of, () -> 4);
        meters.targets(STANDINGS);
        meters.called("p", new Outcome.Completed(200, new byte[0], Usage.NONE), Duration.ZERO);

        // When
        String scraped = registry.scrape();

        // Then
        for (MeterDoc doc : DispatcherMeters.ALL) {
            assertThat(scraped).contains("# HELP %s %s".formatted(doc.name(), doc.help()));
        }
    }

    @Test
    void whatHappensIsCounted() {
        // When
        meters.committed(5, 1_000_000);
        meters.failed();
        meters.dropped(2);
        meters.fencedTheDead(3);
        meters.gauges(() -> 7, () -> 8, () -> 9);
        meters.quota(() -> Map.of(WaitReason.DAILY_BUDGET, 3), () -> 4);
        meters.called(
                "p",
                new Outcome.Unknown("deadline", new ProviderError("c", "m", "t")),
                Duration.ofMillis(250));

        // Then
        assertThat(registry.scrape())
                .contains(
                        "millrace_dispatcher_settled_total 5.0",
                        "millrace_dispatcher_transaction_seconds_count 1",
                        "millrace_dispatcher_transactions_failed_total 1.0",
                        "millrace_dispatcher_dropped_total 2.0",
                        "millrace_dispatcher_fences_total{whom=\"dead\"} 3.0",
                        "millrace_dispatcher_in_flight 7.0",
                        "millrace_dispatcher_unsettled 8.0",
                        "millrace_dispatcher_slots 9.0",
                        "millrace_dispatcher_waiting{reason=\"daily_budget\"} 3.0",
                        "millrace_dispatcher_waiting{reason=\"provider_limit\"} 0.0",
                        "millrace_dispatcher_reservations 4.0",
                        "millrace_dispatcher_call_seconds_count{outcome=\"unknown\",provider=\"p\"} 1");
    }
}
