package io.millrace.ingress.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.config.ConfigFile;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ControlTest {

    static {
        // Avro trusts the generated classes once there are codecs of them.
        Codecs.on(new MockSchemaRegistryClient());
    }

    private static final String FILE =
            """
            providers: [{name: p, dialect: local}]
            models:
              - {name: gpt-4o, aliases: [fast], targets: [{provider: p, model: x}]}
              - {name: gpt-*, targets: [{provider: p, model: x}]}
              - {name: "*", targets: [{provider: p, model: x}]}
            tenants: [{name: acme, keys: [{name: ci, secret: "0123456789abcdef"}]}]
            """;

    @Test
    void aModelIsFoundByNameByAliasAndByItsLongestPrefix() {
        Control control = new Control(records());

        assertThat(name(control, "gpt-4o")).isEqualTo("gpt-4o");
        assertThat(name(control, "fast")).isEqualTo("gpt-4o");
        assertThat(name(control, "gpt-5")).isEqualTo("gpt-*");
        assertThat(name(control, "claude")).isEqualTo("*");
    }

    @Test
    void aDisabledTenantHasNoKeys() {
        Map<String, ControlRecord> records = records();
        String sha256 = KeyIds.sha256("0123456789abcdef");
        assertThat(new Control(records).key(sha256)).isPresent();

        records.computeIfPresent(
                "tenant/acme",
                (_, tenant) -> ControlRecord.newBuilder(tenant).setDisabled(true).build());

        assertThat(new Control(records).key(sha256)).isEmpty();
    }

    @Test
    void nothingIsAllowedBeforeAnythingIsKnown() {
        assertThat(Control.EMPTY.key(KeyIds.sha256(""))).isEmpty();
        assertThat(Control.EMPTY.model("gpt-4o")).isEmpty();
    }

    private static String name(Control control, String asked) {
        return control.model(asked).orElseThrow().state().getName();
    }

    private static Map<String, ControlRecord> records() {
        return new HashMap<>(
                Changes.between(
                        Map.of(),
                        Wishes.of(
                                ControlConfig.from(ConfigFile.parse("t.yaml", FILE, Map.of())),
                                BootKeys.NONE),
                        Instant.EPOCH));
    }
}
