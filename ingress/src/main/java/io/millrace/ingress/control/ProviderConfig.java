package io.millrace.ingress.control;

import io.millrace.schemas.avro.ProviderState;
import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Secret;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A provider as the file names it.
 *
 * @param name of the provider
 * @param dialect how it is spoken to
 * @param baseUrl as the dialect's own SDK calls it; empty for local
 * @param apiKeyRefs where its keys are to be found, never the keys
 * @param limits of calls to it
 * @param timeouts of each call
 * @param httpVersion 1.1 or 2
 * @param authorities certificates to trust for it in PEM; empty for those that the JVM trusts
 */
record ProviderConfig(
        String name,
        String dialect,
        String baseUrl,
        List<String> apiKeyRefs,
        Limits limits,
        Timeouts timeouts,
        String httpVersion,
        String authorities) {

    private static final String LOCAL = "local";

    private static final Setting<String> NAME = Names.entity("name", "Name of the provider");
    private static final Setting<String> DIALECT =
            Setting.word(
                    "dialect",
                    "How it is spoken to; `local` is the built-in embedding model",
                    List.of("openai", "anthropic", "gemini", "mistral", LOCAL));
    private static final Setting<URI> BASE_URL =
            Setting.url("base-url", "What the dialect's own SDK calls its base URL");
    private static final Setting<Secret> API_KEY =
            Setting.secret("api-key", "Its API key, or a list that is used in turn");
    private static final Setting<String> NESTED_LIMITS =
            Setting.text("limits", "See `providers[].limits`");
    private static final Setting<String> NESTED_TIMEOUTS =
            Setting.text("timeouts", "See `providers[].timeouts`");
    private static final Setting<String> NESTED_HTTP =
            Setting.text("http", "See `providers[].http`");
    private static final Setting<String> NESTED_TLS = Setting.text("tls", "See `providers[].tls`");
    private static final Setting<String> VERSION =
            Setting.word("version", "HTTP version", List.of("1.1", "2")).withDefault("1.1");

    /** The section of the reference page. */
    static final Reference REFERENCE =
            new Reference(
                    "providers[]",
                    "Who carries calls out.",
                    List.of(
                            NAME,
                            DIALECT,
                            BASE_URL,
                            API_KEY,
                            NESTED_LIMITS,
                            NESTED_TIMEOUTS,
                            NESTED_HTTP,
                            NESTED_TLS));

    /** The limits' section of the reference page. */
    static final Reference LIMITS =
            Limits.ofCalls("providers[].limits", "What the provider allows us; absent: no limit.");

    /** The section of the reference page on HTTP. */
    static final Reference HTTP =
            new Reference("providers[].http", "How its server is spoken to.", List.of(VERSION));

    /** How long a call may take. */
    record Timeouts(Duration connect, Duration response, Duration idle) {

        private static final Duration LEAST = Duration.ofMillis(100);
        private static final Duration MOST = Duration.ofHours(1);
        private static final Setting<Duration> CONNECT =
                Setting.duration("connect", "Time to connect", LEAST, MOST).withDefault("2s");
        private static final Setting<Duration> RESPONSE =
                Setting.duration("response", "Time for a whole answer", LEAST, MOST)
                        .withDefault("120s");
        private static final Setting<Duration> IDLE =
                Setting.duration("idle", "Silence within an answer", LEAST, MOST)
                        .withDefault("30s");

        /** The section of the reference page. */
        static final Reference REFERENCE =
                new Reference(
                        "providers[].timeouts",
                        "How long a call may take.",
                        List.of(CONNECT, RESPONSE, IDLE));

        static Timeouts from(Section section) {
            section.allow(REFERENCE.keys());
            return new Timeouts(section.get(CONNECT), section.get(RESPONSE), section.get(IDLE));
        }
    }

    ProviderConfig {
        apiKeyRefs = List.copyOf(apiKeyRefs);
    }

    /** Reads an entry of {@code providers}. */
    static ProviderConfig from(Section section) {
        section.allow(REFERENCE.keys());
        String name = section.get(NAME);
        String dialect = section.get(DIALECT);
        String baseUrl = section.find(BASE_URL).map(URI::toString).orElse("");
        if (baseUrl.isEmpty() != LOCAL.equals(dialect)) {
            throw section.refusal(
                    BASE_URL.key(),
                    baseUrl.isEmpty() ? "is missing" : "has no meaning for dialect local");
        }
        Section http = section.section(NESTED_HTTP.key());
        http.allow(HTTP.keys());
        return new ProviderConfig(
                name,
                dialect,
                baseUrl,
                references(section, name),
                Limits.from(section.section(NESTED_LIMITS.key()), LIMITS),
                Timeouts.from(section.section(NESTED_TIMEOUTS.key())),
                http.get(VERSION),
                Authorities.from(section.section(NESTED_TLS.key()), baseUrl).orElse(""));
    }

    ProviderState state() {
        return ProviderState.newBuilder()
                .setName(name)
                .setDialect(dialect)
                .setBaseUrl(baseUrl)
                .setApiKeyRefs(apiKeyRefs)
                .setConcurrency(limits.concurrency())
                .setRequestsPerMinute(limits.requestsPerMinute())
                .setTokensPerMinute(limits.tokensPerMinute())
                .setConnectTimeoutMs(timeouts.connect().toMillis())
                .setResponseTimeoutMs(timeouts.response().toMillis())
                .setIdleTimeoutMs(timeouts.idle().toMillis())
                .setHttpVersion(httpVersion)
                .setAuthorities(authorities.isEmpty() ? null : authorities)
                .build();
    }

    // A secret that stands in the file itself is looked up there again by who needs it.
    private static List<String> references(Section section, String name) {
        Set<String> references = new LinkedHashSet<>();
        for (Secret secret : section.all(API_KEY)) {
            references.add(
                    switch (secret) {
                        case Secret.Environment(String variable) -> "env:" + variable;
                        case Secret.Content(java.nio.file.Path file) -> "file:" + file;
                        case Secret.Literal _ -> "config:" + name;
                    });
        }
        return List.copyOf(references);
    }
}
