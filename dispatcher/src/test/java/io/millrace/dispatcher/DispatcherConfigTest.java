package io.millrace.dispatcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.millrace.servicekit.config.ConfigException;
import io.millrace.servicekit.config.ConfigFile;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DispatcherConfigTest {

    @Test
    void absentKeysHaveTheirDefaults() {
        assertThat(DispatcherConfig.from(ConfigFile.absent(Map.of()).section("dispatcher")))
                .isEqualTo(new DispatcherConfig("", Duration.ofMinutes(2), 10_000, 4));
    }

    @Test
    void everyKeyIsRead() {
        DispatcherConfig config =
                read("advertised-url: http://d1:9464, drain: 5s, in-flight: 7, max-attempts: 2");

        assertThat(config)
                .isEqualTo(new DispatcherConfig("http://d1:9464", Duration.ofSeconds(5), 7, 2));
        assertThat(config.advertised(7)).isEqualTo("http://d1:9464");
    }

    @Test
    void dispatcherThatIsNotToldItsAddressNamesItsOwnPort() {
        assertThat(read("drain: 5s").advertised(7)).isEqualTo("http://127.0.0.1:7");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "drain: 2h        | dispatcher.drain",
                "advertised-url: x| dispatcher.advertised-url",
                "drain: soon      | dispatcher.drain",
                "in-flight: 0     | dispatcher.in-flight",
                "in-flight: 100001| dispatcher.in-flight",
                "in-flight: many  | dispatcher.in-flight",
                "max-attempts: 0  | dispatcher.max-attempts",
                "max-attempts: 101| dispatcher.max-attempts",
                "max-attemps: 3   | dispatcher.max-attemps"
            })
    void refusalNamesTheKey(String setting, String key) {
        assertThatExceptionOfType(ConfigException.class)
                .isThrownBy(() -> read(setting))
                .withMessageContaining(key)
                .withMessageContaining("millrace.yaml");
    }

    private static DispatcherConfig read(String settings) {
        return DispatcherConfig.from(
                ConfigFile.parse("millrace.yaml", "dispatcher: {" + settings + "}", Map.of())
                        .section("dispatcher"));
    }
}
