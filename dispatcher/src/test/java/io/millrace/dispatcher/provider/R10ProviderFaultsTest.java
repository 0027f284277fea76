package io.millrace.dispatcher.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.http.Transport;
import io.millrace.dispatcher.provider.json.JsonProvider;
import io.millrace.dispatcher.provider.openai.OpenAi;
import io.millrace.servicekit.http.Json;
import io.millrace.simulatedprovider.SimulatedProvider;
import io.millrace.simulatedprovider.SimulatedProviderConfig;
import io.millrace.simulatedprovider.ledger.LedgerSummary;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * R10: whatever a provider does is bounded in time and memory, and put in its class. Every fault of
 * the simulated provider over real sockets, with its ledger as the judge.
 */
@Timeout(120)
class R10ProviderFaultsTest {

    private static final Duration IDLE = Duration.ofSeconds(5);
    private static final Duration DEADLINE = Duration.ofMillis(500);
    private static final Duration SLACK = Duration.ofSeconds(10); // for a loaded machine
    private static final long MEBIBYTE = 1024 * 1024;

    // An answer came, or its beginning, and nobody can say what it was.
    static final List<String> BROKEN =
            List.of(
                    "sim-truncated",
                    "sim-malformed",
                    "sim-reset",
                    "sim-closed",
                    "sim-huge",
                    "sim-gzipbomb",
                    "sim-head-many",
                    "sim-head-large",
                    "sim-head-alien",
                    "sim-body-nested",
                    "sim-body-html",
                    "sim-body-latin1",
                    "sim-body-utf16");

    // No answer comes, or none that ends in time.
    static final List<String> SLOW =
            List.of(
                    "sim-hang",
                    "sim-30s",
                    "sim-stall",
                    "sim-drip-every-50ms",
                    "sim-head-slow",
                    "sim-head-slow-every-50ms");

    private SimulatedProvider simulated;
    private JsonProvider provider;

    @BeforeEach
    void open() throws IOException {
        simulated = SimulatedProvider.start(SimulatedProviderConfig.DEFAULTS);
        provider = provider(simulated.url(), IDLE);
    }

    @AfterEach
    void close() throws IOException {
        provider.close();
        simulated.close();
    }

    @Test
    void goodAnswerIsCompletedWithTheBilledUsage() {
        // When
        Outcome outcome = call("sim");

        // Then
        assertThat(outcome).isInstanceOf(Completed.class);
        Completed completed = (Completed) outcome;
        LedgerSummary ledger = simulated.summary();
        assertThat(completed.status()).isEqualTo(200);
        assertThat(completed.usage().input().count()).isEqualTo(ledger.inputTokens());
        assertThat(completed.usage().output().count()).isEqualTo(ledger.outputTokens());
        assertThat(completed.usage().estimated()).isFalse();
        assertThat(Json.parse(completed.body()).at("/object").asText())
                .isEqualTo("chat.completion");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    sim-429                  | 429 | PT1S
                    sim-429-after-7s         | 429 | PT7S
                    sim-429-after-0s         | 429 | PT0S
                    sim-429-after-1.5s       | 429 | PT1.5S
                    sim-429-after-250ms      | 429 | PT0.25S
                    sim-429-after-date-9s    | 429 | PT9S
                    sim-429-after-rfc850-9s  | 429 | PT9S
                    sim-429-after-asctime-9s | 429 | PT9S
                    sim-429-after-past       | 429 | PT0S
                    sim-429-after-999999s    | 429 | PT30M
                    sim-429-after-absurd     | 429 | PT30M
                    sim-429-after-negative   | 429 |
                    sim-429-after-none       | 429 |
                    sim-429-after-garbage    | 429 |
                    sim-503-after-2s         | 503 | PT2S
                    sim-529-after-2s         | 529 | PT2S
                    sim-408                  | 408 |
                    sim-409                  | 409 |
                    sim-425                  | 425 |
                    sim-500                  | 500 |
                    sim-502                  | 502 |
                    sim-503                  | 503 |
                    sim-504                  | 504 |
                    sim-529                  | 529 |
                    """)
    void passingErrorIsRetryableAfterTheTimeItNames(String model, int status, Duration after) {
        // When
        Outcome outcome = call(model);

        // Then
        assertThat(outcome).isInstanceOf(Retryable.class);
        Retryable retryable = (Retryable) outcome;
        assertThat(retryable.status()).isEqualTo(status);
        assertThat(Json.parse(retryable.body()).at("/error/message").asText()).isNotEmpty();
        if (after == null) {
            assertThat(retryable.after()).isEmpty();
        } else {
            long wanted = after.toMillis();
            assertThat(retryable.after().orElseThrow().toMillis())
                    .isCloseTo(wanted, within(1_500L));
        }
        assertThat(simulated.summary().started()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 413, 418, 422, 451})
    void otherErrorOfOursIsRefusedWithItsStatus(int status) {
        // When
        Outcome outcome = call("sim-" + status);

        // Then
        assertThat(outcome).isInstanceOf(Refused.class);
        Refused refused = (Refused) outcome;
        JsonNode error = Json.parse(refused.body()).path("error");
        assertThat(refused.status()).isEqualTo(status);
        assertThat(error.path("code").asText()).isEqualTo("simulated");
        assertThat(error.path("message").asText()).isEqualTo("A simulated error");
        assertThat(refused.usage().total().count()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/embeddings"})
    void errorInAGoodStatusIsRetryableAndNoAnswer(String endpoint) {
        // When
        Outcome outcome = call(endpoint, "sim-200-error");

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Retryable.class, error -> assertThat(error.status()).isEqualTo(502));
    }

    @Test
    void redirectIsRefusedAndNotFollowed() {
        // When
        Outcome outcome = call("sim-redirect");

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.status()).isEqualTo(502));
        assertThat(simulated.summary().started()).isEqualTo(1);
    }

    @ParameterizedTest
    @FieldSource("BROKEN")
    void brokenAnswerIsUnknown(String model) {
        // When
        Outcome outcome = call(model);

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo("broken_answer"));
        assertThat(simulated.summary().started()).isEqualTo(1);
    }

    @ParameterizedTest
    @FieldSource("SLOW")
    void slowAnswerIsUnknownAtTheDeadline(String model) {
        // Given
        call("sim"); // so that no class is left to load
        long start = System.nanoTime();

        // When
        Outcome outcome = call(Calls.chat(model, DEADLINE));

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo("deadline"));
        assertThat(since(start)).isBetween(DEADLINE.minusMillis(10), SLACK);
    }

    @Test
    void silenceWithinABodyIsUnknownBeforeTheDeadline() {
        try (JsonProvider impatient = provider(simulated.url(), Duration.ofMillis(300))) {
            // Given
            long start = System.nanoTime();

            // When
            Outcome outcome =
                    VirtualCall.result(() -> impatient.call(Calls.chat("sim-stall", Calls.LONG)));

            // Then
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Unknown.class,
                            unknown -> assertThat(unknown.reason()).isEqualTo("deadline"));
            assertThat(since(start)).isLessThan(SLACK);
        }
    }

    @Test
    void refusedConnectionIsRetryableAsNothingWasSent() throws IOException {
        // Given
        simulated.close();

        // When
        Outcome outcome = call("sim");

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Retryable.class,
                        retryable -> {
                            assertThat(retryable.status()).isZero();
                            assertThat(retryable.after()).isEmpty();
                            assertThat(retryable.error().code()).isEqualTo("provider_unreachable");
                        });
    }

    @Test
    void rightAnswerUnderAWrongTypeIsCompleted() {
        assertThat(call("sim-body-mistyped"))
                .isInstanceOfSatisfying(
                        Completed.class,
                        completed -> assertThat(completed.usage().estimated()).isFalse());
    }

    @ParameterizedTest
    @CsvSource({
        "sim-usage-negative, /v1/chat/completions",
        "sim-usage-huge, /v1/chat/completions",
        "sim-usage-overflow, /v1/chat/completions",
        "sim-usage-fraction, /v1/chat/completions",
        "sim-usage-text, /v1/chat/completions",
        "sim-usage-absent, /v1/chat/completions",
        "sim-usage-negative, /v1/embeddings",
        "sim-usage-huge, /v1/embeddings",
        "sim-usage-overflow, /v1/embeddings",
        "sim-usage-absent, /v1/embeddings"
    })
    void usageThatCannotBeIsEstimated(String model, String endpoint) {
        // Given
        long least = endpoint.endsWith("embeddings") ? 0 : 1;

        // When
        Outcome outcome = call(endpoint, model);

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Completed.class,
                        completed -> {
                            assertThat(completed.usage().estimated()).isTrue();
                            assertThat(completed.usage().input().count()).isBetween(1L, 100L);
                            assertThat(completed.usage().output().count())
                                    .isBetween(least, least * 1_000);
                        });
    }

    @Test
    void hugeAnswersLeaveMemoryFlat() {
        // Given
        call("sim");
        call("sim-gzipbomb"); // made once and kept by the simulated provider
        long before = used();

        // When
        List<VirtualCall<Outcome>> calls = new ArrayList<>();
        for (String model :
                List.of("sim-huge", "sim-gzipbomb", "sim-head-large", "sim-body-nested")) {
            for (int i = 0; i < 4; i++) {
                calls.add(new VirtualCall<>(() -> provider.call(Calls.chat(model))));
            }
        }

        // Then
        assertThat(calls).allMatch(call -> call.result() instanceof Unknown);
        assertThat(used() - before).isLessThan(48 * MEBIBYTE);
    }

    @Test
    void thousandsOfFaultsLeaveNothingBehind() {
        // Given
        List<String> models =
                List.of(
                        "sim-truncated",
                        "sim-reset",
                        "sim-closed",
                        "sim-malformed",
                        "sim-500",
                        "sim-429-after-none",
                        "sim-redirect",
                        "sim-head-alien",
                        "sim-body-html");
        models.forEach(this::call);
        long before = used();
        int threads = Thread.getAllStackTraces().size();

        // When
        for (int i = 0; i < 250; i++) {
            models.forEach(this::call);
        }

        // Then
        assertThat(used() - before).isLessThan(8 * MEBIBYTE);
        assertThat(Thread.getAllStackTraces().size()).isLessThanOrEqualTo(threads + 4);
        assertThat(call("sim")).isInstanceOf(Completed.class);
        assertThat(simulated.summary().started()).isEqualTo(251L * models.size() + 1);
    }

    private static JsonProvider provider(String url, Duration idle) {
        return new JsonProvider(
                new OpenAi(),
                "sim",
                url + "/v1",
                List::of,
                HttpLimits.of(64, Calls.LONG, Calls.LONG, idle),
                Transport.DEFAULT,
                AnswerMemory.ofHeap(),
                InstantSource.system());
    }

    private Outcome call(String model) {
        return call(Calls.chat(model));
    }

    private Outcome call(String endpoint, String model) {
        return endpoint.endsWith("embeddings")
                ? call(Calls.embeddings(model, "{\"input\":\"one two three\"}"))
                : call(model);
    }

    private Outcome call(ProviderCall call) {
        return VirtualCall.result(() -> provider.call(call));
    }

    private static Duration since(long start) {
        return Duration.ofNanos(System.nanoTime() - start);
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
