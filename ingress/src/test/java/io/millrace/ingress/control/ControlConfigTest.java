package io.millrace.ingress.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.ModelState;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.schemas.avro.TenantState;
import io.millrace.servicekit.config.ConfigException;
import io.millrace.servicekit.config.ConfigFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ControlConfigTest {

    private static final Map<String, String> ENVIRONMENT =
            Map.of("ACME_KEY", "a-secret-of-a-tenant", "OPENAI_API_KEY", "sk-provider");

    private static final String CERTIFICATE =
            """
            -----BEGIN CERTIFICATE-----
            MIIBcTCCARegAwIBAgIUQrsCPI6vb6uYoV0Q6vM3l8W+ycwwCgYIKoZIzj0EAwIw
            DTELMAkGA1UEAwwCY2EwIBcNMjYxMTIzMDUxMzE5WhgPMjEyNjEwMzAwNTEzMTla
            MA0xCzAJBgNVBAMMAmNhMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEkPfB3RDd
            wj3QvW3vH/h5+Wg7ze0n6Bkf0oItZ8Hov67oHSNu7DJuB7n5POLns7v08fCLkxsf
            dOsF8Dhv+JqLg6NTMFEwHQYDVR0OBBYEFMwaFYI6jRvL5NQ8gr0wifXK1RLDMB8G
            A1UdIwQYMBaAFMwaFYI6jRvL5NQ8gr0wifXK1RLDMA8GA1UdEwEB/wQFMAMBAf8w
            CgYIKoZIzj0EAwIDSAAwRQIgDITLRHVXrvNiOiEMCrwV9te4umnip+5hCYBOwyoa
            PasCIQDMVb5o1q2oTW9kgk3QfaQrOfMtgecNrD6NwTWhtvSv2A==
            -----END CERTIFICATE-----
            """;

    @Test
    void absentListsAreEmpty() {
        ControlConfig config = config("");

        assertThat(config).isEqualTo(new ControlConfig(List.of(), List.of(), List.of()));
    }

    @Test
    void whatIsNotSaidHasItsDefault() {
        ControlConfig config =
                config(
                        """
                        providers: [{name: p, dialect: local}]
                        models: [{name: m, targets: [{provider: p, model: x}]}]
                        tenants: [{name: acme, keys: [{name: ci, secret: "${ACME_KEY}"}]}]
                        """);

        ProviderState provider = config.providers().getFirst().state();
        assertThat(provider.getConnectTimeoutMs()).isEqualTo(2_000);
        assertThat(provider.getResponseTimeoutMs()).isEqualTo(120_000);
        assertThat(provider.getIdleTimeoutMs()).isEqualTo(30_000);
        assertThat(provider.getConcurrency()).isNull();
        ModelState model = config.models().getFirst().state();
        assertThat(model.getStrategy()).isEqualTo("weighted");
        assertThat(model.getTargets().getFirst().getWeight()).isEqualTo(1);
        assertThat(model.getInputNanoUsdPerMillion()).isZero();
        TenantState tenant = config.tenants().getFirst().state();
        assertThat(tenant.getDelivery()).isEqualTo(Delivery.AT_LEAST_ONCE);
        assertThat(tenant.getWeight()).isEqualTo(1.0);
        assertThat(config.tenants().getFirst().keys().getFirst().models()).containsExactly("*");
        assertThat(config.tenants().getFirst().keys().getFirst().roles())
                .containsExactly("submit", "read", "usage");
    }

    @Test
    void everyKeyOfAProviderIsMapped() {
        ControlConfig config =
                config(
                        """
                        providers:
                          - name: openai-a
                            dialect: openai
                            base-url: https://api.openai.com/v1
                            api-key: ["${OPENAI_API_KEY}", "file:/run/key", literal-one]
                            limits: {concurrency: 64, requests-per-minute: 5000, tokens-per-minute: 2000000}
                            timeouts: {connect: 3s, response: 2m, idle: 20s}
                            http: {version: "2"}
                        """);

        ProviderState state = config.providers().getFirst().state();

        assertThat(state.getBaseUrl()).isEqualTo("https://api.openai.com/v1");
        assertThat(state.getApiKeyRefs())
                .containsExactly("env:OPENAI_API_KEY", "file:/run/key", "config:openai-a");
        assertThat(state.getConcurrency()).isEqualTo(64);
        assertThat(state.getRequestsPerMinute()).isEqualTo(5000);
        assertThat(state.getTokensPerMinute()).isEqualTo(2_000_000);
        assertThat(state.getConnectTimeoutMs()).isEqualTo(3_000);
        assertThat(state.getResponseTimeoutMs()).isEqualTo(120_000);
        assertThat(state.getIdleTimeoutMs()).isEqualTo(20_000);
        assertThat(state.getHttpVersion()).isEqualTo("2");
    }

    @Test
    void authoritiesOfAProviderAreReadFromTheirFile(@TempDir Path folder) throws IOException {
        Path pem = folder.resolve("ca.pem");
        Files.writeString(pem, CERTIFICATE);

        assertThat(authorities("https", pem.toString())).isEqualTo(CERTIFICATE);
        assertThat(authorities("https", "file:" + pem)).isEqualTo(CERTIFICATE);
    }

    @Test
    void authoritiesThatCannotBeReadAreRefusedByTheNameOfTheirField(@TempDir Path folder)
            throws IOException {
        Path missing = folder.resolve("missing.pem");
        Path text = folder.resolve("text.pem");
        Path broken = folder.resolve("broken.pem");
        Files.writeString(text, "no certificate");
        Files.writeString(broken, CERTIFICATE.replace("MII", "XXX"));

        assertThatThrownBy(() -> authorities("https", missing.toString()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("providers[0].tls.ca", "cannot be read", "missing.pem");
        for (Path wrong : List.of(text, broken)) {
            assertThatThrownBy(() -> authorities("https", wrong.toString()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContainingAll("providers[0].tls.ca", "no PEM file");
        }
        Files.writeString(text, CERTIFICATE);
        assertThatThrownBy(() -> authorities("http", text.toString()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContainingAll("providers[0].tls.ca", "https");
    }

    private static String authorities(String scheme, String ca) {
        return config(
                        """
                        providers:
                          - {name: p, dialect: openai, base-url: "%s://127.0.0.1/v1", tls: {ca: "%s"}}
                        """
                                .formatted(scheme, ca))
                .providers()
                .getFirst()
                .authorities();
    }

    @Test
    void everyKeyOfAModelIsMapped() {
        ControlConfig config =
                config(
                        """
                        providers: [{name: p, dialect: local}]
                        models:
                          - name: gpt-4o*
                            aliases: [fast]
                            strategy: failover
                            targets: [{provider: p, model: gpt, weight: 3}]
                            fallbacks: [other]
                            price: {input: 0.15, output: 0.60, cached-input: 0.075}
                            defaults: {max-output-tokens: 1024}
                            cache: {ttl: 1h}
                        """);

        ModelState state = config.models().getFirst().state();

        assertThat(state.getAliases()).containsExactly("fast");
        assertThat(state.getStrategy()).isEqualTo("failover");
        assertThat(state.getTargets().getFirst().getWeight()).isEqualTo(3);
        assertThat(state.getFallbacks()).containsExactly("other");
        assertThat(state.getInputNanoUsdPerMillion()).isEqualTo(150_000_000);
        assertThat(state.getOutputNanoUsdPerMillion()).isEqualTo(600_000_000);
        assertThat(state.getCachedInputNanoUsdPerMillion()).isEqualTo(75_000_000);
        assertThat(state.getMaxOutputTokens()).isEqualTo(1024);
        assertThat(state.getCacheTtlMs()).isEqualTo(3_600_000);
    }

    @Test
    void everyKeyOfATenantIsMapped() {
        ControlConfig config =
                config(
                        """
                        tenants:
                          - name: acme
                            weight: 2
                            keys: [{name: ci, secret: "${ACME_KEY}", models: [gpt*], quotas: {concurrency: 5}, roles: [read]}]
                            quotas: {requests-per-minute: 600, tokens-per-minute: 100000, concurrency: 50, queued-jobs: 7, queued-tokens: 8}
                            budget: {monthly-usd: 250, daily-usd: 25, warn-at: [50, 80]}
                            delivery: at-most-once
                            kafka: {principal: "User:acme", results: true}
                            ip-allow: ["10.0.0.0/8"]
                            limits-by-ip: {requests-per-minute: 120}
                        """);

        TenantState state = config.tenants().getFirst().state();

        assertThat(state.getWeight()).isEqualTo(2.0);
        assertThat(state.getRequestsPerMinute()).isEqualTo(600);
        assertThat(state.getTokensPerMinute()).isEqualTo(100_000);
        assertThat(state.getConcurrency()).isEqualTo(50);
        assertThat(state.getQueuedJobs()).isEqualTo(7);
        assertThat(state.getQueuedTokens()).isEqualTo(8);
        assertThat(state.getMonthlyNanoUsd()).isEqualTo(250_000_000_000L);
        assertThat(state.getDailyNanoUsd()).isEqualTo(25_000_000_000L);
        assertThat(state.getWarnAt()).containsExactly(50, 80);
        assertThat(state.getDelivery()).isEqualTo(Delivery.AT_MOST_ONCE);
        assertThat(state.getKafkaPrincipal()).isEqualTo("User:acme");
        assertThat(state.getKafkaResults()).isTrue();
        assertThat(state.getIpAllow()).containsExactly("10.0.0.0/8");
        assertThat(state.getRequestsPerMinuteByIp()).isEqualTo(120);
        KeyConfig key = config.tenants().getFirst().keys().getFirst();
        assertThat(key.secretSha256()).isEqualTo(KeyIds.sha256("a-secret-of-a-tenant"));
        assertThat(key.models()).containsExactly("gpt*");
        assertThat(key.roles()).containsExactly("read");
        assertThat(key.state("acme").getConcurrency()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`providers: [{name: p, dialect: openai}]` | providers[0].base-url",
                "`providers: [{name: P, dialect: local}]` | providers[0].name",
                "`providers: [{name: p, dialect: smoke}]` | providers[0].dialect",
                "`providers: [{name: p, dialect: local, colour: red}]` | providers[0].colour",
                "`providers: [{name: p, dialect: local}, {name: p, dialect: local}]` | providers[1].name",
                "`models: [{name: m}]` | models[0].targets",
                "`models: [{name: m, targets: [{provider: p, model: x}]}]` | models[0].targets[0].provider",
                "`tenants: [{name: a, keys: [{name: k, secret: short}]}]` | tenants[0].keys[0].secret",
                "`tenants: [{name: a, keys: [{name: k, secret: \"${NOPE}\"}]}]` | tenants[0].keys[0].secret",
                "`tenants: [{name: a, weight: 0}]` | tenants[0].weight",
                "`tenants: [{name: a, budget: {warn-at: [101]}}]` | tenants[0].budget.warn-at[0]",
            })
    void whatIsWrongIsRefusedByItsKey(String yaml, String key) {
        assertThatThrownBy(() -> config(yaml))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key + ":");
    }

    @Test
    void twoKeysOfOneSecretAreRefusedWithoutShowingIt() {
        assertThatThrownBy(() ->
                        config(
                                """
                                tenants:
                                  - {name: a, keys: [{name: k, secret: "${ACME_KEY}"}]}
                                  - {name: b, keys: [{name: k, secret: "${ACME_KEY}"}]}
                                """))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tenants[1].keys[0].secret")
                .hasMessageNotContaining("a-secret-of-a-tenant");
    }

    private static ControlConfig config(String yaml) {
        return ControlConfig.from(ConfigFile.parse("test.yaml", yaml, ENVIRONMENT));
    }
}
