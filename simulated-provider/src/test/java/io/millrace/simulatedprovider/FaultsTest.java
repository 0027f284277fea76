package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that are whole answers. */
class FaultsTest {

    @TempDir private Path folder;
    private Running running;

    @BeforeEach
    void start() throws IOException {
        running = Running.in(folder);
    }

    @AfterEach
    void stop() throws IOException {
        running.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404, 408, 409, 429, 500, 502, 503, 504, 529})
    void statusOfTheNameIsAnsweredAndNotBilled(int status) {
        // When
        HttpResponse<String> response = running.ask("sim-" + status);

        // Then
        Ended ended = running.onlyEnd();
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(Running.json(response).at("/error/message").asText()).isNotEmpty();
        assertThat(ended.status()).isEqualTo(status);
        assertThat(ended.inputTokens() + ended.outputTokens()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "sim-429, 1, ",
        "sim-429-after-3s, 3, ",
        "sim-503-after-120s, 120, ",
        "sim-429-after-250ms, , 250",
        "sim-429-after-none, , ",
        "sim-429-after-garbage, soon, ",
        "sim-429-after-1.5s, 1.5, ",
        "sim-429-after-negative, -5, ",
        "sim-429-after-absurd, 99999999999999999999, ",
        "sim-500, , ",
        "sim-529-after-0s, 0, "
    })
    void everyFormOfRetryAfterCanBeHad(String model, String seconds, String millis) {
        // When
        HttpResponse<String> response = running.ask(model);

        // Then
        assertThat(header(response, "retry-after")).isEqualTo(Optional.ofNullable(seconds));
        assertThat(header(response, "retry-after-ms")).isEqualTo(Optional.ofNullable(millis));
    }

    @Test
    void retryAfterCanBeADate() {
        // When
        HttpResponse<String> response = running.ask("sim-429-after-date-90s");

        // Then
        ZonedDateTime date =
                ZonedDateTime.parse(
                        header(response, "retry-after").orElseThrow(),
                        DateTimeFormatter.RFC_1123_DATE_TIME);
        assertThat(Duration.between(ZonedDateTime.now(date.getZone()), date))
                .isBetween(Duration.ofSeconds(60), Duration.ofSeconds(90));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sim-429-after-rfc850-3s  | [A-Z][a-z]+day, \\d\\d-[A-Z][a-z]{2}-\\d\\d [\\d:]{8} GMT",
                "sim-429-after-asctime-3s | [A-Z][a-z]{2} [A-Z][a-z]{2} [ \\d]\\d [\\d:]{8} \\d{4}",
                "sim-429-after-past       | [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} [\\d:]{8} GMT"
            })
    void datesComeInEveryFormThatRfc9110Has(String model, String form) {
        assertThat(header(running.ask(model), "retry-after").orElseThrow()).matches(form);
    }

    @Test
    void firstCallsOfEachJobFailAndTheNextSucceeds() {
        // When
        List<Integer> statuses = new ArrayList<>();
        for (int call = 0; call < 3; call++) {
            for (String job : List.of("job_a", "job_b")) {
                statuses.add(running.ask("sim-429-first-2", "x-millrace-job", job).statusCode());
            }
        }

        // Then
        assertThat(statuses).containsExactly(429, 429, 429, 429, 200, 200);
    }

    @Test
    void callsWithoutAJobAreToldApartByTheirBody() {
        // When
        List<Integer> statuses = new ArrayList<>();
        for (int call = 0; call < 6; call++) {
            statuses.add(running.ask("sim-503-2of3").statusCode());
        }
        int other =
                running.post(
                                "/v1/chat/completions",
                                Running.chat("sim-503-2of3", "\"user\": \"another\","))
                        .statusCode();

        // Then
        assertThat(statuses).containsExactly(503, 503, 200, 503, 503, 200);
        assertThat(other).isEqualTo(503);
    }

    @Test
    void flakyModelFailsTheSameCallsAgainWithTheSameSeed() throws IOException {
        // Given
        List<Integer> first = flaky(200);
        running.close();

        // When
        running = Running.in(folder);
        List<Integer> again = flaky(200);

        // Then
        assertThat(again).isEqualTo(first).containsOnly(200, 500);
        assertThat(first.stream().filter(status -> status == 500)).hasSizeBetween(30, 90);
    }

    @Test
    void latencyIsTakenBeforeTheFault() {
        // Given
        long start = System.nanoTime();

        // When
        HttpResponse<String> response = running.ask("sim-60ms-500");

        // Then
        assertThat(response.statusCode()).isEqualTo(500);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(60_000_000L);
    }

    @Test
    void malformedAnswerIsNoJson() {
        // When
        HttpResponse<String> response = running.ask("sim-malformed");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-type")).contains("application/json");
        assertThatThrownBy(() -> new ObjectMapper().readTree(response.body()))
                .isInstanceOf(JsonProcessingException.class);
    }

    @Test
    void malformedStreamHasOneEventThatIsNoJson() {
        // When
        HttpResponse<String> response =
                running.post(
                        "/v1/chat/completions", Running.chat("sim-malformed", "\"stream\": true,"));

        // Then
        assertThat(response.body())
                .contains("data: {\"choices\":[{\"delta\":\n\n")
                .endsWith("data: [DONE]\n\n");
    }

    @Test
    void whoFollowsARedirectIsInTheLedger() {
        // Given
        HttpResponse<String> response = running.ask("sim-redirect", "x-millrace-job", "job_1");

        // When
        running.post(header(response, "location").orElseThrow(), "{}", "x-millrace-job", "job_1");

        // Then
        assertThat(response.statusCode()).isEqualTo(307);
        assertThat(running.calls()).hasSize(2);
        assertThat(running.calls().getLast().started().path()).isEqualTo("/redirected");
        assertThat(running.calls().getLast().started().job()).isEqualTo("job_1");
    }

    @Test
    void errorCanComeWithStatus200() {
        // When
        HttpResponse<String> response = running.ask("sim-200-error");

        // Then
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(Running.json(response).at("/error/type").asText()).isEqualTo("server_error");
        assertThat(running.onlyEnd().outputTokens()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"sim-usage-negative, -3", "sim-usage-huge, 9223372036854775807"})
    void usageMayLieButTheLedgerDoesNot(String model, long claimed) {
        // When
        JsonNode usage = Running.json(running.ask(model)).path("usage");

        // Then
        assertThat(usage.path("prompt_tokens").asLong()).isEqualTo(claimed);
        assertThat(running.onlyEnd().inputTokens()).isEqualTo(2);
        assertThat(running.onlyEnd().outputTokens()).isBetween(8L, 24L);
    }

    @ParameterizedTest
    @CsvSource({
        "sim-usage-overflow, 1000000000000000000000000000000",
        "sim-usage-fraction, 2.5",
        "sim-usage-text, \"2\""
    })
    void usageNeedNotBeACount(String model, String claimed) {
        // When
        JsonNode openAi = Running.json(running.ask(model)).path("usage");
        JsonNode anthropic =
                Running.json(
                                running.post(
                                        "/v1/messages", Running.chat(model, "\"max_tokens\": 9,")))
                        .path("usage");

        // Then
        assertThat(openAi.path("prompt_tokens")).hasToString(claimed);
        assertThat(anthropic.path("input_tokens")).hasToString(claimed);
        assertThat(running.provider().summary().inputTokens()).isEqualTo(4);
    }

    @Test
    void usageMayBeMissing() {
        // When
        JsonNode answer = Running.json(running.ask("sim-usage-absent"));

        // Then
        assertThat(answer.has("choices")).isTrue();
        assertThat(answer.has("usage")).isFalse();
    }

    private List<Integer> flaky(int calls) {
        List<Integer> statuses = new ArrayList<>();
        for (int job = 0; job < calls; job++) {
            statuses.add(running.ask("sim-flaky-30%", "x-millrace-job", "job_" + job).statusCode());
        }
        return statuses;
    }

    private static Optional<String> header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name);
    }
}
