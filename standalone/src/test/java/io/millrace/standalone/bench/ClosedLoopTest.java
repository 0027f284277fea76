package io.millrace.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

final class ClosedLoopTest {

    @Test
    void everyCallIsMadeOnce() throws InterruptedException {
        // Given
        Set<Integer> made = ConcurrentHashMap.newKeySet();
        // When
        ClosedLoop loop = ClosedLoop.of(8, 1_000, made::add);
        // Then
        assertThat(loop.calls()).isEqualTo(1_000);
        assertThat(made).hasSize(1_000);
    }

    @Test
    void failedCallIsNoFigure() {
        assertThatThrownBy(() ->
                        ClosedLoop.of(
                                2,
                                10,
                                n -> {
                                    throw new BenchException("call " + n);
                                }))
                .isInstanceOf(BenchException.class);
    }
}
