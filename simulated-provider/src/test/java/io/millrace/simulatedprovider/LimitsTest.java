package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LimitsTest {

    private static final InstantSource NOON =
            InstantSource.fixed(Instant.parse("2026-11-22T12:00:00Z"));
    private static final SimulatedProviderConfig DEFAULTS = SimulatedProviderConfig.DEFAULTS;

    @TempDir private Path folder;

    @Test
    void callsOverTheMinutesLimitAreRefusedWithTheTimeToWait() throws IOException {
        try (Running running = Running.in(folder, DEFAULTS.withRequestsPerMinute(2), NOON)) {
            // Given
            running.ask("sim");
            running.ask("sim");

            // When
            HttpResponse<String> third = running.ask("sim");

            // Then
            assertThat(third.statusCode()).isEqualTo(429);
            assertThat(third.headers().firstValue("retry-after")).contains("60");
            assertThat(third.headers().firstValue("retry-after-ms")).contains("60000");
            assertThat(Running.json(third).at("/error/code").asText())
                    .isEqualTo("rate_limit_exceeded");
            assertThat(running.provider().summary().byStatus())
                    .containsEntry(200, 2L)
                    .containsEntry(429, 1L);
        }
    }

    @Test
    void callsWithoutTheKeyAreRefusedInBothDialects() throws IOException {
        try (Running running = Running.in(folder, DEFAULTS.withApiKeys(List.of("secret")), NOON)) {
            assertThat(running.ask("sim").statusCode()).isEqualTo(401);
            assertThat(running.ask("sim", "authorization", "Bearer secre").statusCode())
                    .isEqualTo(401);
            assertThat(running.ask("sim", "authorization", "secret").statusCode()).isEqualTo(401);
            assertThat(running.post("/v1/messages", "{").statusCode()).isEqualTo(401);
            assertThat(running.ask("sim", "authorization", "bearer secret").statusCode())
                    .isEqualTo(200);
            assertThat(running.ask("sim", "x-api-key", "secret").statusCode()).isEqualTo(200);
            assertThat(running.get("/health").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void callsOverTheMinutesTokensAreRefusedAndNotBilled() throws IOException {
        try (Running running = Running.in(folder, DEFAULTS.withTokensPerMinute(25), NOON)) {
            // Given: 2 of the question and 20 of the answer
            assertThat(running.ask("sim-words-20").statusCode()).isEqualTo(200);

            // When
            HttpResponse<String> second = running.ask("sim-words-20");

            // Then
            assertThat(second.statusCode()).isEqualTo(429);
            assertThat(second.headers().firstValue("retry-after")).contains("60");
            assertThat(Running.json(second).at("/error/message").asText()).contains("tokens");
            assertThat(running.ask("sim-words-1").statusCode()).isEqualTo(200);
            assertThat(running.provider().summary().outputTokens()).isEqualTo(21);
        }
    }

    @Test
    void eachKeyMayHaveTheLimitForItself() throws IOException {
        SimulatedProviderConfig config =
                DEFAULTS.withApiKeys(List.of("one", "two"))
                        .withRequestsPerMinute(1)
                        .withLimitsPerKey();
        try (Running running = Running.in(folder, config, NOON)) {
            assertThat(running.ask("sim", "x-api-key", "one").statusCode()).isEqualTo(200);
            assertThat(running.ask("sim", "x-api-key", "one").statusCode()).isEqualTo(429);
            assertThat(running.ask("sim", "x-api-key", "two").statusCode()).isEqualTo(200);
            assertThat(running.ask("sim", "x-api-key", "three").statusCode()).isEqualTo(401);
        }
    }

    @Test
    void callsBeyondTheMostAtOnceAreRefused() throws IOException {
        try (Running running =
                        Running.in(folder, DEFAULTS.withMaximumCalls(1), InstantSource.system());
                Socket _ = running.asking("sim-hang")) {
            // Given
            Running.await("the call to start", () -> running.provider().summary().running() == 1);

            // When
            HttpResponse<String> second = running.ask("sim");

            // Then
            assertThat(second.statusCode()).isEqualTo(503);
        }
    }

    @Test
    void whatIsNoCallIsAnsweredToo() throws IOException {
        try (Running running = Running.in(folder)) {
            // Given
            running.ask("sim-100ms", "x-millrace-job", "job_1", "x-millrace-attempt", "3");

            // When
            JsonNode summary = Running.json(running.get("/ledger/summary"));
            JsonNode models = Running.json(running.get("/v1/models"));

            // Then
            assertThat(summary.path("started").asInt()).isEqualTo(1);
            assertThat(summary.path("running").asInt()).isZero();
            assertThat(summary.at("/by_status/200").asInt()).isEqualTo(1);
            assertThat(summary.path("input_tokens").asInt()).isEqualTo(2);
            assertThat(models.path("object").asText()).isEqualTo("list");
            assertThat(models.at("/data/0/id").asText()).isEqualTo("sim");
            assertThat(Running.json(running.get("/health")).path("status").asText())
                    .isEqualTo("ok");
            assertThat(running.get("/v1/models/sim-flaky-5%25").statusCode()).isEqualTo(200);
            assertThat(running.get("/v1/models/gpt-4o").statusCode()).isEqualTo(404);
            assertThat(running.get("/v1/nothing").statusCode()).isEqualTo(404);
            assertThat(running.get("/v1/embeddings").statusCode()).isEqualTo(405);
            assertThat(running.calls().getFirst().started().job()).isEqualTo("job_1");
            assertThat(running.calls().getFirst().started().attempt()).isEqualTo("3");
        }
    }
}
