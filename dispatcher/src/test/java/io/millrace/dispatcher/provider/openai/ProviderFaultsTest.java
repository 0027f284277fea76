package io.millrace.dispatcher.provider.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.dispatcher.provider.Calls;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.provider.VirtualCall;
import io.millrace.dispatcher.provider.http.AnswerMemory;
import io.millrace.dispatcher.provider.http.HttpLimits;
import io.millrace.dispatcher.provider.json.JsonProvider;
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
import org.junit.jupiter.params.provider.ValueSource;

/** Every fault of the simulated provider, with its ledger as the judge. */
@Timeout(120)
class ProviderFaultsTest {

    private SimulatedProvider simulated;
    private JsonProvider provider;

    @BeforeEach
    void open() throws IOException {
        simulated = SimulatedProvider.start(SimulatedProviderConfig.DEFAULTS);
        provider =
                new JsonProvider(
                        new OpenAi(),
                        "sim",
                        simulated.url() + "/v1",
                        List::of,
                        HttpLimits.of(64, Calls.LONG, Calls.LONG, Duration.ofSeconds(5)),
                        AnswerMemory.ofHeap(),
                        InstantSource.system());
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
                    sim-429               | 429 | PT1S
                    sim-429-after-7s      | 429 | PT7S
                    sim-429-after-250ms   | 429 | PT0.25S
                    sim-429-after-date-9s | 429 | PT9S
                    sim-429-after-none    | 429 |
                    sim-429-after-garbage | 429 |
                    sim-503-after-2s      | 503 | PT2S
                    sim-408               | 408 |
                    sim-409               | 409 |
                    sim-500               | 500 |
                    sim-502               | 502 |
                    sim-504               | 504 |
                    sim-529               | 529 |
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

    @Test
    void errorInAGoodStatusIsRetryableAndNoAnswer() {
        assertThat(call("sim-200-error"))
                .isInstanceOfSatisfying(
                        Retryable.class, outcome -> assertThat(outcome.status()).isEqualTo(502));
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
    @ValueSource(
            strings = {"sim-truncated", "sim-malformed", "sim-reset", "sim-huge", "sim-gzipbomb"})
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
    @ValueSource(strings = {"sim-hang", "sim-drip-every-50ms", "sim-30s"})
    void slowAnswerIsUnknownAtTheDeadline(String model) {
        // Given
        call("sim"); // so that no class is left to load
        long start = System.nanoTime();

        // When
        Outcome outcome = call(Calls.chat(model, Duration.ofMillis(500)));

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Unknown.class,
                        unknown -> assertThat(unknown.reason()).isEqualTo("deadline"));
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sim-usage-negative", "sim-usage-huge", "sim-usage-absent"})
    void usageThatCannotBeIsEstimated(String model) {
        // When
        Outcome outcome = call(model);

        // Then
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        Completed.class,
                        completed -> {
                            assertThat(completed.usage().estimated()).isTrue();
                            assertThat(completed.usage().input().count()).isBetween(1L, 100L);
                            assertThat(completed.usage().output().count()).isBetween(1L, 1_000L);
                        });
    }

    @Test
    void hugeBodiesLeaveMemoryFlat() {
        // Given
        long before = used();

        // When
        List<VirtualCall<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            String model = i % 2 == 0 ? "sim-huge" : "sim-gzipbomb";
            calls.add(new VirtualCall<>(() -> provider.call(Calls.chat(model))));
        }

        // Then
        assertThat(calls).allMatch(call -> call.result() instanceof Unknown);
        assertThat(used() - before).isLessThan(64L * 1024 * 1024);
    }

    @Test
    void callsAfterFaultsFindTheProviderWell() {
        // Given
        for (String model : List.of("sim-truncated", "sim-reset", "sim-malformed", "sim-500")) {
            call(model);
        }

        // Then
        assertThat(call("sim")).isInstanceOf(Completed.class);
        assertThat(simulated.summary().started()).isEqualTo(5);
    }

    private Outcome call(String model) {
        return call(Calls.chat(model));
    }

    private Outcome call(ProviderCall call) {
        return VirtualCall.result(() -> provider.call(call));
    }

    private static long used() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
