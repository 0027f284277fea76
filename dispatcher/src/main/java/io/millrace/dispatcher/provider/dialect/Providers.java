package io.millrace.dispatcher.provider.dialect;

import io.millrace.dispatcher.provider.KeySource;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.anthropic.Anthropic;
import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.HttpVersion;
import io.millrace.dispatcher.provider.http.Transport;
import io.millrace.dispatcher.provider.json.Dialect;
import io.millrace.dispatcher.provider.json.JsonProvider;
import io.millrace.dispatcher.provider.local.Embedder;
import io.millrace.dispatcher.provider.local.LocalProvider;
import io.millrace.dispatcher.provider.openai.OpenAi;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.servicekit.http.Trust;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens providers as their states say. Thread-safe; closing it unloads the built-in model. */
public final class Providers implements AutoCloseable {

    /** Calls at the same time where a state names no limit. */
    public static final int DEFAULT_CALLS = 64;

    private static final Logger LOG = LoggerFactory.getLogger(Providers.class);
    private static final int MOST_CALLS = 100_000;
    private static final String WRONG_ADDRESS =
            "base-url must be an http or https URL without login, query and fragment";

    private final Embedder embedder;
    private final AnswerMemory memory = AnswerMemory.ofHeap();
    private final Map<String, String> environment;
    private final ConfiguredKeys configured;
    private final InstantSource clock;

    /**
     * @param models directory for the files of the built-in model
     * @param environment where {@code env:} references look
     * @param configured where {@code config:} references look
     */
    public Providers(
            Path models,
            Map<String, String> environment,
            ConfiguredKeys configured,
            InstantSource clock) {
        this.embedder = new Embedder(models, Runtime.getRuntime().availableProcessors());
        this.environment = Map.copyOf(environment);
        this.configured = configured;
        this.clock = clock;
    }

    /**
     * Opens a provider. A state that cannot work gives one that refuses every call and says why, so
     * that one wrong provider stops nothing else.
     */
    public Provider open(ProviderState state) {
        try {
            return switch (state.getDialect()) {
                case "openai" -> json(new OpenAi(), state);
                case "anthropic" -> json(new Anthropic(), state);
                case "local" -> new LocalProvider(embedder, clock);
                case "gemini", "mistral" ->
                        throw new IllegalArgumentException(
                                "the dialect '%s' is not spoken yet".formatted(state.getDialect()));
                default ->
                        throw new IllegalArgumentException(
                                "there is no dialect '%s'".formatted(state.getDialect()));
            };
        } catch (IllegalArgumentException e) {
            String why = "provider %s: %s".formatted(state.getName(), e.getMessage());
            LOG.atError().addKeyValue("provider", state.getName()).log(why);
            return new RefusingProvider(why);
        }
    }

    @Override
    public void close() {
        embedder.close();
    }

    private Provider json(Dialect dialect, ProviderState state) {
        requireAddress(state.getBaseUrl());
        Transport transport = new Transport(HttpVersion.of(state.getHttpVersion()), trust(state));
        KeySource keys = new ReferencedKeys(state.getApiKeyRefs(), environment, configured, clock);
        return new JsonProvider(
                dialect,
                state.getName(),
                state.getBaseUrl(),
                keys,
                limits(state),
                transport,
                memory,
                clock);
    }

    private static Trust trust(ProviderState state) {
        String pem = state.getAuthorities();
        return pem == null ? Trust.JVM : Trust.of(pem);
    }

    private static HttpLimits limits(ProviderState state) {
        Long concurrency = state.getConcurrency();
        long calls = concurrency == null ? DEFAULT_CALLS : concurrency;
        return HttpLimits.of(
                Math.clamp(calls, 1, MOST_CALLS),
                Duration.ofMillis(state.getConnectTimeoutMs()),
                Duration.ofMillis(state.getResponseTimeoutMs()),
                Duration.ofMillis(state.getIdleTimeoutMs()));
    }

    private static void requireAddress(String baseUrl) {
        URI address = parsed(baseUrl);
        boolean isHttp = "http".equals(address.getScheme()) || "https".equals(address.getScheme());
        if (!isHttp
                || address.getHost() == null
                || address.getUserInfo() != null
                || address.getQuery() != null
                || address.getFragment() != null) {
            throw new IllegalArgumentException(WRONG_ADDRESS);
        }
    }

    private static URI parsed(String baseUrl) {
        try {
            return new URI(baseUrl);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(WRONG_ADDRESS, e); // never with the URL in it
        }
    }
}
