package io.millrace.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class LatenciesTest {

    @Test
    void percentilesAreMeasuredValuesByNearestRank() {
        // Given
        Latencies latencies =
                new Latencies(
                        IntStream.rangeClosed(1, 200)
                                .mapToObj(i -> Duration.ofMillis(201 - i))
                                .toList());
        // Then
        assertThat(latencies.millis(50)).isEqualTo(100);
        assertThat(latencies.millis(99)).isEqualTo(198);
        assertThat(latencies.millis(100)).isEqualTo(200);
    }

    @Test
    void oneValueIsEveryPercentile() {
        assertThat(new Latencies(List.of(Duration.ofMillis(7))).millis(1)).isEqualTo(7);
    }

    @Test
    void refusesToSayAnythingOfNothing() {
        assertThatThrownBy(() -> new Latencies(List.of())).hasMessage("nothing was measured");
    }
}
