package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;
import io.millrace.simulatedprovider.ledger.LedgerFile;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FaultsTest {

    private static final long GIBIBYTE = 1L << 30;

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
    void clientThatGivesUpOnAHangIsInTheLedgerAndBilled() throws IOException {
        // Given
        Socket socket = running.asking("sim-hang");
        Running.await("the call to start", () -> running.provider().summary().running() == 1);

        // When
        socket.close();

        // Then
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        Ended ended = running.onlyEnd();
        assertThat(ended.closedByClient()).isTrue();
        assertThat(ended.status()).isZero();
        assertThat(ended.fault()).isEqualTo("hang");
        assertThat(ended.inputTokens()).isEqualTo(2);
        assertThat(ended.outputTokens()).isPositive();
    }

    @Test
    void clientThatGivesUpOnASlowAnswerIsSeenAtOnce() throws IOException {
        // Given
        Socket socket = running.asking("sim-3600s");
        Running.await("the call to start", () -> running.provider().summary().running() == 1);

        // When
        socket.close();

        // Then
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        assertThat(running.onlyEnd().closedByClient()).isTrue();
    }

    @Test
    void providerThatClosesDoesNotBlameTheClient() throws IOException {
        // Given
        try (Socket _ = running.asking("sim-hang")) {
            Running.await("the call to start", () -> running.provider().summary().running() == 1);

            // When
            running.provider().close();
        }

        // Then
        assertThat(LedgerFile.read(folder.resolve("ledger.jsonl")).getLast())
                .isInstanceOfSatisfying(
                        Ended.class, ended -> assertThat(ended.closedByClient()).isFalse());
    }

    @Test
    void dripSendsTheWholeAnswerAByteAtATime() throws IOException {
        // Given
        long start = System.nanoTime();

        // When
        try (Socket socket = running.asking("sim-words-1-drip-every-1ms")) {
            int length = contentLength(head(socket.getInputStream()));
            byte[] body = socket.getInputStream().readNBytes(length);

            // Then
            assertThat(Running.json(new String(body, StandardCharsets.UTF_8)).has("choices"))
                    .isTrue();
            assertThat(System.nanoTime() - start).isGreaterThan((length - 1) * 1_000_000L);
        }
        assertThat(running.onlyEnd().fault()).isEqualTo("drip");
    }

    @Test
    void clientThatGivesUpOnADripIsSeen() throws IOException {
        // Given
        try (Socket socket = running.asking("sim-drip")) {
            assertThat(socket.getInputStream().read()).isEqualTo('H');
        }

        // Then
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        assertThat(running.onlyEnd().closedByClient()).isTrue();
        assertThat(running.onlyEnd().status()).isEqualTo(200);
    }

    @Test
    void truncatedBodyIsHalfOfWhatItsLengthSays() throws IOException {
        try (Socket socket = running.asking("sim-truncated")) {
            // When
            int length = contentLength(head(socket.getInputStream()));
            byte[] body = socket.getInputStream().readAllBytes();

            // Then
            assertThat(body).hasSize(length / 2);
        }
        assertThat(running.onlyEnd().outputTokens()).isPositive();
    }

    @Test
    void truncatedStreamEndsWithoutItsEnd() throws IOException {
        assertThatThrownBy(() ->
                        running.client()
                                .send(
                                        running.request("/v1/chat/completions")
                                                .POST(
                                                        BodyPublishers.ofString(
                                                                Running.chat(
                                                                        "sim-truncated",
                                                                        "\"stream\": true,")))
                                                .build(),
                                        BodyHandlers.ofString()))
                .isInstanceOf(IOException.class);
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
    void hugeAnswerIsAGibibyteOfJson() throws Exception {
        // When
        long length = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream body = stream("sim-huge").body()) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                length += read;
            }
        }

        // Then
        assertThat(length).isGreaterThan(GIBIBYTE);
        assertThat(running.onlyEnd().closedByClient()).isFalse();
    }

    @Test
    void clientThatLeavesAHugeAnswerEndsIt() throws IOException {
        // Given
        Socket socket = running.asking("sim-huge");
        assertThat(socket.getInputStream().readNBytes(1 << 20)).hasSize(1 << 20);

        // When
        socket.close();

        // Then
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        assertThat(running.onlyEnd().closedByClient()).isTrue();
    }

    @Test
    void gzipBombUnpacksToAGibibyte() throws Exception {
        // When
        HttpResponse<InputStream> response = stream("sim-gzipbomb");
        long length = 0;
        byte[] buffer = new byte[1 << 16];
        try (InputStream body = new GZIPInputStream(response.body(), 1 << 16)) {
            for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
                length += read;
            }
        }

        // Then
        assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(response.headers().firstValueAsLong("content-length").orElseThrow())
                .isLessThan(3_000_000);
        assertThat(length).isGreaterThan(GIBIBYTE);
    }

    @Test
    void resetIsNoOrderlyEnd() throws IOException {
        try (Socket socket = running.asking("sim-reset")) {
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
        Running.await("the call to end", () -> running.provider().summary().ended() == 1);
        assertThat(running.onlyEnd().status()).isZero();
        assertThat(running.onlyEnd().closedByClient()).isFalse();
        assertThat(running.onlyEnd().inputTokens()).isEqualTo(2);
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

    private HttpResponse<InputStream> stream(String model) throws Exception {
        return running.client()
                .send(
                        running.request("/v1/chat/completions")
                                .POST(BodyPublishers.ofString(Running.chat(model)))
                                .build(),
                        BodyHandlers.ofInputStream());
    }

    private static Optional<String> header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name);
    }

    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    private static int contentLength(String head) {
        return head.lines()
                .filter(line -> line.startsWith("content-length: "))
                .mapToInt(line -> Integer.parseInt(line.substring("content-length: ".length())))
                .findAny()
                .orElseThrow();
    }
}
