package io.millrace.dispatcher.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Remaining;
import io.millrace.dispatcher.provider.http.Exchange.Answered;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateHeadersTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void openAisHeadersAreRead() {
        // When
        Remaining left =
                RateHeaders.of(
                                answer(
                                        Map.of(
                                                "x-ratelimit-remaining-requests", "59",
                                                "x-ratelimit-reset-requests", "1s",
                                                "x-ratelimit-remaining-tokens", "149984",
                                                "x-ratelimit-reset-tokens", "6m0s")),
                                NOON)
                        .orElseThrow();

        // Then
        assertThat(left)
                .isEqualTo(
                        new Remaining(
                                OptionalLong.of(59),
                                NOON.plusSeconds(1),
                                OptionalLong.of(149_984),
                                NOON.plusSeconds(360)));
    }

    @Test
    void anthropicsHeadersAreRead() {
        // When
        Remaining left =
                RateHeaders.of(
                                answer(
                                        Map.of(
                                                "anthropic-ratelimit-requests-remaining", "3",
                                                "anthropic-ratelimit-requests-reset",
                                                        "2026-11-22T12:00:30Z")),
                                NOON)
                        .orElseThrow();

        // Then
        assertThat(left.requests()).hasValue(3);
        assertThat(left.requestsUntil()).isEqualTo(NOON.plusSeconds(30));
        assertThat(left.tokens()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"20ms, PT0.02S", "1.5s, PT1.5S", "1m30s, PT1M30S", "2h, PT30M", "9d, PT30M"})
    void limitOfWhichNothingIsLeftSaysHowLongToWait(String reset, Duration wait) {
        assertThat(
                        RateHeaders.untilReset(
                                answer(
                                        Map.of(
                                                "x-ratelimit-remaining-tokens",
                                                "0",
                                                "x-ratelimit-reset-tokens",
                                                reset)),
                                NOON))
                .contains(wait);
    }

    @ParameterizedTest
    @CsvSource({"soon", "5", "-1s", "1s later", "''"})
    void resetThatIsNoTimeSaysNothing(String reset) {
        assertThat(
                        RateHeaders.untilReset(
                                answer(
                                        Map.of(
                                                "x-ratelimit-remaining-requests",
                                                "0",
                                                "x-ratelimit-reset-requests",
                                                reset)),
                                NOON))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"-1", "many", "1e9", "99999999999999999999"})
    void countThatIsNoneIsIgnored(String count) {
        assertThat(RateHeaders.of(answer(Map.of("x-ratelimit-remaining-requests", count)), NOON))
                .isEmpty();
    }

    private static Answered answer(Map<String, String> headers) {
        return new Answered(200, headers, new byte[0]);
    }
}
