package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLimitTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration MINUTE = Duration.ofSeconds(60);

    @Test
    void callOverTheLimitIsToldWhenThereIsRoom() {
        // Given
        RequestLimit limit = new RequestLimit(2);
        limit.admit(NOON);
        limit.admit(NOON.plusSeconds(10));

        // Then
        assertThat(limit.admit(NOON.plusMillis(59_999))).isEqualTo(Duration.ofMillis(1));
        assertThat(limit.admit(NOON.plusSeconds(60))).isZero();
        assertThat(limit.admit(NOON.plusSeconds(60))).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void zeroIsNoLimit() {
        // Given
        RequestLimit limit = new RequestLimit(0);

        // Then
        for (int call = 0; call < 1_000; call++) {
            assertThat(limit.admit(NOON)).isZero();
        }
    }

    @Test
    void clockSetBackMakesNoRoom() {
        // Given
        RequestLimit limit = new RequestLimit(1);
        limit.admit(NOON);

        // Then
        assertThat(limit.admit(NOON.minusSeconds(3_600))).isEqualTo(MINUTE);
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void noMinuteHoldsMoreThanTheLimitAndNoneIsRefusedWithoutNeed(long seed) {
        // Given
        SplittableRandom random = new SplittableRandom(seed);
        RequestLimit limit = new RequestLimit(7);
        Deque<Instant> admitted = new ArrayDeque<>();
        Instant now = NOON;

        for (int call = 0; call < 10_000; call++) {
            now = now.plusMillis(random.nextInt(12_000));
            Instant windowStart = now.minus(MINUTE);
            admitted.removeIf(start -> !start.isAfter(windowStart));

            // When
            boolean isAdmitted = limit.admit(now).isZero();

            // Then
            assertThat(isAdmitted).as("call %d", call).isEqualTo(admitted.size() < 7);
            if (isAdmitted) {
                admitted.add(now);
            }
        }
    }
}
