package io.millrace.usageaggregator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.servicekit.config.ConfigException;
import io.millrace.servicekit.config.ConfigFile;
import io.millrace.usageaggregator.usage.Retention;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageAggregatorConfigTest {

    @Test
    void absentKeysHaveTheirDefaults() {
        assertThat(read("{}"))
                .isEqualTo(
                        new UsageAggregatorConfig(
                                8082,
                                "127.0.0.1",
                                URI.create("http://127.0.0.1:8082"),
                                new Retention(Duration.ofDays(8), Duration.ofDays(400))));
    }

    @Test
    void everyKeyIsRead() {
        // When
        UsageAggregatorConfig config =
                read(
                        "{port: 0, bind: 0.0.0.0, url: 'http://usage:9', keep-minutes: 2d,"
                                + " keep-days: 30d}");

        // Then
        assertThat(config)
                .isEqualTo(
                        new UsageAggregatorConfig(
                                0,
                                "0.0.0.0",
                                URI.create("http://usage:9"),
                                new Retention(Duration.ofDays(2), Duration.ofDays(30))));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {port: 65536}        | usage-aggregator.port: must be between 0 and 65535, but was 65536
                    {url: 'ftp://x'}     | usage-aggregator.url: must be an http or https URL
                    {keep-minutes: 1m}   | usage-aggregator.keep-minutes: must be between
                    {keep-days: soon}    | usage-aggregator.keep-days:
                    {ports: 1}           | usage-aggregator.ports: unknown key
                    """)
    void refusalNamesFileAndKey(String section, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(section))
                .withMessageStartingWith("test.yaml: " + message);
    }

    private static UsageAggregatorConfig read(String section) {
        String text = "usage-aggregator: " + section;
        return UsageAggregatorConfig.from(
                ConfigFile.parse("test.yaml", text, Map.of()).section("usage-aggregator"));
    }
}
