package io.millrace.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.servicekit.config.ConfigException;
import io.millrace.servicekit.config.ConfigFile;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IngressConfigTest {

    @Test
    void whatIsNotSaidHasItsDefault() {
        IngressConfig config = config("{}");

        assertThat(config.port()).isEqualTo(8080);
        assertThat(config.limits())
                .isEqualTo(
                        new IngressConfig.Limits(
                                4L << 20, 200L << 20, 50_000, 4096, Duration.ofSeconds(60)));
        assertThat(config.corsOrigins()).isEmpty();
        assertThat(config.advertised(8123)).isEqualTo(URI.create("http://127.0.0.1:8123"));
    }

    @Test
    void everyKeyIsMapped() {
        IngressConfig config =
                config(
                        """
                        port: 0
                        advertised-url: http://ingress-1:8080
                        limits: {body: 1MiB, batch-file: 2MiB, batch-lines: 3, connections: 4, wait: 5s}
                        cors: {origins: ["https://example.com"]}
                        """);

        assertThat(config.port()).isZero();
        assertThat(config.advertised(1)).isEqualTo(URI.create("http://ingress-1:8080"));
        assertThat(config.limits())
                .isEqualTo(
                        new IngressConfig.Limits(1L << 20, 2L << 20, 3, 4, Duration.ofSeconds(5)));
        assertThat(config.corsOrigins()).containsExactly("https://example.com");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`port: 70000` | port",
                "`prot: 1` | prot",
                "`limits: {body: 4}` | limits.body",
                "`limits: {wait: 1h}` | limits.wait",
                "`advertised-url: ftp://x` | advertised-url",
                "`advertised-url: http://x/path` | advertised-url",
                "`tls: {certificate: \"file:/c\", key: \"file:/k\"}` | tls.certificate",
                "`tls: {key: \"file:/k\"}` | tls.certificate",
                "`tls: {client-ca: \"file:/k\"}` | tls.certificate",
            })
    void whatIsWrongIsRefusedByItsKey(String yaml, String key) {
        assertThatThrownBy(() -> config(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key + ":");
    }

    @Test
    void issuersAreReadThoughNotUsedYet() {
        AuthConfig config =
                AuthConfig.from(
                        ConfigFile.parse(
                                "test.yaml",
                                """
                                issuers: [{issuer: https://id.example.com, audience: millrace, jwks: https://id.example.com/k, tenant-claim: org}]
                                """,
                                Map.of()));

        assertThat(config.issuers().getFirst().rolesClaim()).isEqualTo("roles");
    }

    private static IngressConfig config(String yaml) {
        return IngressConfig.from(ConfigFile.parse("test.yaml", yaml, Map.of()));
    }
}
