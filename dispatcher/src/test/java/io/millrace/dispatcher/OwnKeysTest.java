package io.millrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.servicekit.config.ConfigFile;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnKeysTest {

    private static final String FILE =
            """
            providers:
              - {name: one, api-key: sk-one}
              - {name: many, api-key: [sk-a, sk-b]}
              - {name: elsewhere, api-key: "${KEY}"}
              - {name: none}
            """;

    private final OwnKeys keys =
            new OwnKeys(ConfigFile.parse("millrace.yaml", FILE, Map.of("KEY", "sk-env")));

    @Test
    void keysOfAProviderThatStandInTheFileAreFound() {
        assertThat(keys.of("one")).containsExactly("sk-one");
        assertThat(keys.of("many")).containsExactly("sk-a", "sk-b");
    }

    @Test
    void keysThatStandElsewhereAreReferredToByControlAndNotFoundHere() {
        assertThat(keys.of("elsewhere")).isEmpty();
    }

    @Test
    void providerWithoutKeysOrNameHasNone() {
        assertThat(keys.of("none")).isEmpty();
        assertThat(keys.of("unknown")).isEmpty();
        assertThat(new OwnKeys(ConfigFile.absent(Map.of())).of("one")).isEmpty();
    }
}
