package io.millrace.simulatedprovider;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenLimitTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration MINUTE = Duration.ofSeconds(60);
    private static final int LIMIT = 1_000;

    @Test
    void callThatDoesNotFitIsToldWhenItWill() {
        // Given
        TokenLimit limit = new TokenLimit(LIMIT);
        limit.admit(NOON, 400);
        limit.admit(NOON.plusSeconds(10), 500);

        // Then
        assertThat(limit.admit(NOON.plusSeconds(20), 101)).isEqualTo(Duration.ofSeconds(40));
        assertThat(limit.admit(NOON.plusSeconds(20), 501)).isEqualTo(Duration.ofSeconds(50));
        assertThat(limit.admit(NOON.plusSeconds(20), 100)).isZero();
        assertThat(limit.admit(NOON.plusSeconds(60), 400)).isZero();
    }

    @Test
    void callLargerThanTheLimitIsAdmittedAlone() {
        // Given
        TokenLimit limit = new TokenLimit(LIMIT);

        // Then
        assertThat(limit.admit(NOON, 5_000)).isZero();
        assertThat(limit.admit(NOON.plusSeconds(59), 1)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void zeroIsNoLimit() {
        assertThat(new TokenLimit(0).admit(NOON, Long.MAX_VALUE)).isZero();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void noMinuteHoldsMoreThanTheLimitAndNoCallIsRefusedWithoutNeed(long seed) {
        // Given
        record Admitted(Instant at, long tokens) {}
        SplittableRandom random = new SplittableRandom(seed);
        TokenLimit limit = new TokenLimit(LIMIT);
        List<Admitted> admitted = new ArrayList<>();
        Instant now = NOON;

        for (int call = 0; call < 5_000; call++) {
            now = now.plusMillis(random.nextInt(12_000));
            long tokens = random.nextLong(1, 400);
            Instant windowStart = now.minus(MINUTE);
            admitted.removeIf(some -> !some.at().isAfter(windowStart));
            long sum = admitted.stream().mapToLong(Admitted::tokens).sum();

            // When
            Duration wait = limit.admit(now, tokens);

            // Then
            assertThat(wait.isZero()).as("call %d", call).isEqualTo(sum + tokens <= LIMIT);
            if (wait.isZero()) {
                admitted.add(new Admitted(now, tokens));
            }
        }
    }
}
