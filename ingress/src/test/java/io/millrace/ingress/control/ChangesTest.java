package io.millrace.ingress.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.config.ConfigFile;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChangesTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
    private static final String FILE =
            """
            providers: [{name: p, dialect: local}]
            models: [{name: m, targets: [{provider: p, model: x}], price: {input: 1}}]
            tenants: [{name: acme, keys: [{name: ci, secret: "0123456789abcdef"}]}]
            """;

    static {
        // Avro trusts the generated classes once there are codecs of them.
        Codecs.on(new MockSchemaRegistryClient());
    }

    @Test
    void everythingOfAFileIsNewAtFirst() {
        Map<String, ControlRecord> changes = changes(Map.of(), FILE);

        assertThat(changes)
                .containsOnlyKeys(
                        "tenant/acme",
                        "key/" + KeyIds.sha256("0123456789abcdef"),
                        "provider/p",
                        "model/m");
        assertThat(changes.values())
                .allSatisfy(record -> {
                    assertThat(record.getVersion()).isEqualTo(1);
                    assertThat(record.getManagedBy()).isEqualTo("file");
                    assertThat(record.getUpdatedAt()).isEqualTo(NOW);
                });
        assertThat(priceVersion(changes)).isEqualTo(1);
    }

    @Test
    void theSameFileChangesNothing() {
        assertThat(changes(changes(Map.of(), FILE), FILE)).isEmpty();
    }

    @Test
    void whatVanishesFromTheFileIsDisabledAndComesBack() {
        Map<String, ControlRecord> current = changes(Map.of(), FILE);

        Map<String, ControlRecord> vanished = changes(current, "");
        assertThat(vanished.values()).allMatch(ControlRecord::getDisabled);
        assertThat(vanished).hasSize(4);

        Map<String, ControlRecord> merged = merged(current, vanished);
        assertThat(changes(merged, "")).isEmpty();
        assertThat(changes(merged, FILE).values())
                .hasSize(4)
                .noneMatch(ControlRecord::getDisabled)
                .allMatch(record -> record.getVersion() == 3);
    }

    @Test
    void aNewPriceIsANewVersionOfThePriceAndNothingElseIs() {
        Map<String, ControlRecord> current = changes(Map.of(), FILE);

        Map<String, ControlRecord> dearer = changes(current, FILE.replace("input: 1", "input: 2"));
        assertThat(dearer).containsOnlyKeys("model/m");
        assertThat(priceVersion(dearer)).isEqualTo(2);

        Map<String, ControlRecord> moved = changes(current, FILE.replace("model: x", "model: y"));
        assertThat(priceVersion(moved)).isEqualTo(1);
    }

    @Test
    void generatedKeysAreMadeOnceAndLeftAlone() {
        BootKeys boot =
                new BootKeys(
                        List.of(
                                BootKeys.Key.ofOperator("operator", "operator-secret-0"),
                                BootKeys.Key.ofTenant("default", "default", "tenant-secret-00")));

        Map<String, ControlRecord> made =
                Changes.between(Map.of(), Wishes.of(config(""), boot), NOW);

        assertThat(made)
                .containsOnlyKeys(
                        "tenant/default",
                        "key/" + KeyIds.sha256("operator-secret-0"),
                        "key/" + KeyIds.sha256("tenant-secret-00"));
        assertThat(made.values()).allMatch(record -> record.getManagedBy().equals("api"));
        assertThat(Changes.between(made, Wishes.of(config(""), boot), NOW)).isEmpty();
    }

    @Test
    void whatTheApiManagesIsNotDisabledByAFile() {
        BootKeys boot = new BootKeys(List.of(BootKeys.Key.ofOperator("o", "operator-secret-0")));
        Map<String, ControlRecord> current =
                Changes.between(Map.of(), Wishes.of(config(""), boot), NOW);

        assertThat(changes(current, "")).isEmpty();
    }

    private static Map<String, ControlRecord> changes(
            Map<String, ControlRecord> current, String yaml) {
        return Changes.between(current, Wishes.of(config(yaml), BootKeys.NONE), NOW);
    }

    private static long priceVersion(Map<String, ControlRecord> changes) {
        return Optional.ofNullable(changes.get("model/m"))
                .orElseThrow()
                .getModel()
                .getPriceVersion();
    }

    private static ControlConfig config(String yaml) {
        return ControlConfig.from(ConfigFile.parse("test.yaml", yaml, Map.of()));
    }

    private static Map<String, ControlRecord> merged(
            Map<String, ControlRecord> one, Map<String, ControlRecord> other) {
        Map<String, ControlRecord> merged = new HashMap<>(one);
        merged.putAll(other);
        return merged;
    }
}
