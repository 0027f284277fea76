package io.millrace.ingress.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.servicekit.config.ConfigException;
import io.millrace.servicekit.config.ConfigFile;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WebhooksConfigTest {

    @Test
    void whatIsNotSaidHasItsDefault() {
        assertThat(config("{}")).isEqualTo(new WebhooksConfig(false, 20));
    }

    @Test
    void everyKeyIsMapped() {
        assertThat(config("{allow-private-networks: true, endpoints: 3}"))
                .isEqualTo(new WebhooksConfig(true, 3));
    }

    @Test
    void wrongKeysAndValuesAreRefused() {
        assertThatThrownBy(() -> config("{endpoints: 0}")).isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> config("{allow-private-networks: maybe}"))
                .isInstanceOf(ConfigException.class);
        assertThatThrownBy(() -> config("{secret: x}")).isInstanceOf(ConfigException.class);
    }

    private static WebhooksConfig config(String yaml) {
        return WebhooksConfig.from(ConfigFile.parse("test.yaml", yaml, Map.of()));
    }
}
