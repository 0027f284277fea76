package io.millrace.dispatcher.provider.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    retry-after    | 7                              | PT7S
                    retry-after    | 0                              | PT0S
                    retry-after    | 1.5                            | PT1.5S
                    retry-after    | Sun, 22 Nov 2026 12:00:30 GMT  | PT30S
                    retry-after    | Sunday, 22-Nov-26 12:00:30 GMT | PT30S
                    retry-after    | Sun Nov 22 12:00:30 2026       | PT30S
                    retry-after    | Sun, 22 Nov 2026 11:00:00 GMT  | PT0S
                    retry-after    | 999999999999                   | PT30M
                    retry-after    | 99999999999999999999           | PT30M
                    retry-after    | Mon, 22 Nov 2066 12:00:30 GMT  | PT30M
                    retry-after-ms | 250                            | PT0.25S
                    retry-after-ms | 0.5                            | PT0.0005S
                    """)
    void everyFormIsRead(String header, String value, Duration wait) {
        assertThat(RetryAfter.of(answer(Map.of(header, value)), NOON)).contains(wait);
    }

    @ParameterizedTest
    @ValueSource(strings = {"soon", "", "-5", "1e9", "NaN", "Sun, 99 Nov"})
    void whatIsNoFormIsNoWish(String value) {
        assertThat(RetryAfter.of(answer(Map.of("retry-after", value)), NOON)).isEmpty();
    }

    @Test
    void millisecondsAreMoreExactThanSeconds() {
        // Given
        Map<String, String> headers = Map.of("retry-after", "1", "retry-after-ms", "20");

        // When
        Optional<Duration> wait = RetryAfter.of(answer(headers), NOON);

        // Then
        assertThat(wait).contains(Duration.ofMillis(20));
    }

    private static Exchange.Answered answer(Map<String, String> headers) {
        return new Exchange.Answered(429, headers, new byte[0]);
    }
}
