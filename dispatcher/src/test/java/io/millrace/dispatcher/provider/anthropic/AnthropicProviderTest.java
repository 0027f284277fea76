package io.millrace.dispatcher.provider.anthropic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.millrace.dispatcher.provider.Calls;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.RawServer;
import io.millrace.dispatcher.provider.VirtualCall;
import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.Transport;
import io.millrace.dispatcher.provider.json.JsonProvider;
import io.millrace.schemas.money.Tokens;
import io.millrace.schemas.money.Usage;
import io.millrace.servicekit.http.Json;
import io.millrace.simulatedprovider.SimulatedProvider;
import io.millrace.simulatedprovider.SimulatedProviderConfig;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class AnthropicProviderTest {

    private static final String KEY = "sk-ant-canary-0000";
    private static final String MESSAGES =
            """
            {"model":"ours","max_tokens":100,"messages":[{"role":"user","content":"one two"}]}
            """;

    @Test
    void messageIsAnsweredWithTheBilledUsage() throws IOException {
        try (SimulatedProvider simulated =
                SimulatedProvider.start(
                        SimulatedProviderConfig.DEFAULTS.withApiKeys(List.of(KEY)))) {
            // When
            Outcome outcome = call(simulated.url(), "/v1/messages", "sim");

            // Then
            assertThat(outcome).isInstanceOf(Completed.class);
            Completed completed = (Completed) outcome;
            assertThat(Json.parse(completed.body()).path("type").asText()).isEqualTo("message");
            assertThat(completed.usage().input().count())
                    .isEqualTo(simulated.summary().inputTokens());
            assertThat(completed.usage().output().count())
                    .isEqualTo(simulated.summary().outputTokens());
            assertThat(completed.usage().estimated()).isFalse();
        }
    }

    @Test
    void keyAndVersionTravelInTheirOwnHeaders() throws IOException {
        try (RawServer server = RawServer.answering(200, "", "{}")) {
            // When
            call(server.url() + "/", "/v1/messages", "theirs");

            // Then
            assertThat(server.requests().element().lines())
                    .startsWith("POST /v1/messages HTTP/1.1")
                    .contains("x-api-key: " + KEY, "anthropic-version: 2023-06-01")
                    .noneMatch(line -> line.startsWith("Authorization"));
        }
    }

    @Test
    void whatTheCacheReadAndWroteIsInput() throws IOException {
        String answer =
                """
                {"type":"message","content":[{"type":"text","text":"four"}],
                 "usage":{"input_tokens":10,"cache_read_input_tokens":100,
                          "cache_creation_input_tokens":1000,"output_tokens":7}}
                """;
        try (RawServer server = RawServer.answering(200, "", answer)) {
            // When
            Outcome outcome = call(server.url(), "/v1/messages", "theirs");

            // Then
            assertThat(outcome)
                    .asInstanceOf(type(Completed.class))
                    .satisfies(completed ->
                            assertThat(completed.usage())
                                    .isEqualTo(
                                            new Usage(
                                                    new Tokens(1_110),
                                                    new Tokens(7),
                                                    new Tokens(100),
                                                    Tokens.NONE,
                                                    false)));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sim-429-after-3s, retryable",
        "sim-529, retryable",
        "sim-500, retryable",
        "sim-200-error, retryable",
        "sim-400, refused",
        "sim-413, refused",
        "sim-truncated, unknown",
        "sim-malformed, unknown",
        "sim-reset, unknown",
        "sim-huge, unknown",
        "sim-gzipbomb, unknown",
        "sim-redirect, refused"
    })
    void faultsHaveTheirClass(String model, String expected) throws IOException {
        try (SimulatedProvider simulated =
                SimulatedProvider.start(SimulatedProviderConfig.DEFAULTS)) {
            // When
            Outcome outcome = call(simulated.url(), "/v1/messages", model);

            // Then
            assertThat(named(outcome)).isEqualTo(expected);
            assertThat(simulated.summary().started()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"sim-usage-negative", "sim-usage-huge", "sim-usage-absent"})
    void usageThatCannotBeIsEstimated(String model) throws IOException {
        try (SimulatedProvider simulated =
                SimulatedProvider.start(SimulatedProviderConfig.DEFAULTS)) {
            assertThat(call(simulated.url(), "/v1/messages", model))
                    .asInstanceOf(type(Completed.class))
                    .satisfies(completed -> assertThat(completed.usage().estimated()).isTrue());
        }
    }

    @Test
    void otherEndpointsAreRefused() {
        assertThat(call("http://127.0.0.1:1", "/v1/chat/completions", "m"))
                .asInstanceOf(type(Refused.class))
                .satisfies(refused -> assertThat(refused.status()).isEqualTo(404));
    }

    private static String named(Outcome outcome) {
        return switch (outcome) {
            case Completed _ -> "completed";
            case Retryable _ -> "retryable";
            case Refused _ -> "refused";
            case Unknown _ -> "unknown";
        };
    }

    private static Outcome call(String url, String endpoint, String model) {
        try (JsonProvider provider =
                new JsonProvider(
                        new Anthropic(),
                        "sim",
                        url,
                        () -> List.of(KEY),
                        HttpLimits.of(4, Calls.LONG, Calls.LONG, Calls.LONG),
                        Transport.DEFAULT,
                        AnswerMemory.ofHeap(),
                        InstantSource.system())) {
            return VirtualCall.result(
                    () -> provider.call(Calls.call(endpoint, model, MESSAGES, Calls.LONG)));
        }
    }
}
