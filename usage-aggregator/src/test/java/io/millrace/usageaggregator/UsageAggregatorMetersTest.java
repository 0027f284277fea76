package io.millrace.usageaggregator;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class UsageAggregatorMetersTest {

    @Test
    void everyDocumentedMeterIsExposedUnderItsName() {
        // Given
        PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
        UsageAggregatorMeters meters = new UsageAggregatorMeters(registry);

        // When
        meters.counted(Duration.ofMillis(20));
        meters.deadLettered();
        meters.answered("costs", 200, Duration.ofMillis(5));

        // Then
        assertThat(UsageAggregatorMeters.ALL)
                .allSatisfy(meter ->
                        assertThat(registry.scrape()).contains("# HELP " + meter.name() + " "));
    }
}
