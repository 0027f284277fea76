package io.millrace.servicekit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.millrace.servicekit.config.ConfigException;
import io.millrace.servicekit.config.ConfigFile;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KafkaConfigTest {

    @Test
    void absentKeysHaveTheirDefaults() {
        assertThat(config("{}"))
                .isEqualTo(
                        new KafkaConfig(
                                "127.0.0.1:9092",
                                URI.create("http://127.0.0.1:8081"),
                                Map.of(),
                                (short) 3,
                                64));
    }

    @Test
    void everyKeyIsRead() {
        // When
        KafkaConfig config =
                config(
                        """
                        {bootstrap-servers: "a:1,b:2", schema-registry: "https://r", slots: 16,
                         replication-factor: 1, properties: {sasl.jaas.config: "x ${PASSWORD}"}}
                        """);

        // Then
        assertThat(config)
                .isEqualTo(
                        new KafkaConfig(
                                "a:1,b:2",
                                URI.create("https://r"),
                                Map.of("sasl.jaas.config", "x hunter2"),
                                (short) 1,
                                16));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    slots: 0                 | slots: must be between 1 and 1296, but was 0
                    slots: 1297              | slots: must be between 1 and 1296, but was 1297
                    replication-factor: 0    | replication-factor: must be between 1 and 32, but was 0
                    schema-registry: nowhere | schema-registry: must be an http or https URL without user, query and fragment
                    properties: x            | properties: must be a mapping of keys to values
                    bootstrap: x             | bootstrap: unknown key; known are [bootstrap-servers, schema-registry, properties, replication-factor, slots]
                    """)
    void refusalNamesTheKey(String setting, String message) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> config("{" + setting + "}"))
                .withMessage("millrace.yaml: kafka." + message);
    }

    @Test
    void passwordsAreNotInItsText() {
        assertThat(config("properties: {sasl.jaas.config: \"${PASSWORD}\"}"))
                .asString()
                .doesNotContain("hunter2");
    }

    @Test
    void everyClientHasThePropertiesButItsAddressAndNameAreOurs() {
        // Given
        KafkaConfig config = config("properties: {security.protocol: SSL, client.id: theirs}");
        KafkaClients clients =
                new KafkaClients(
                        config,
                        Registry.client(config.schemaRegistry()),
                        new SimpleMeterRegistry());

        // Then
        assertThat(clients.common("ours"))
                .containsOnly(
                        Map.entry("metric.reporters", ""),
                        Map.entry("security.protocol", "SSL"),
                        Map.entry("bootstrap.servers", "127.0.0.1:9092"),
                        Map.entry("client.id", "ours"));
    }

    private static KafkaConfig config(String section) {
        String text = section.startsWith("{") ? "kafka: " + section : "kafka: {" + section + "}";
        return KafkaConfig.from(
                ConfigFile.parse("millrace.yaml", text, Map.of("PASSWORD", "hunter2"))
                        .section("kafka"));
    }
}
