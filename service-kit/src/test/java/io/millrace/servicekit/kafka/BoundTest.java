package io.millrace.servicekit.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BoundTest {

    private final List<String> closed = new ArrayList<>();

    @Test
    void metersGoBeforeTheClientTheyMeasure() {
        // When
        new Bound<AutoCloseable>(() -> closed.add("client"), () -> closed.add("meters")).close();

        // Then
        assertThat(closed).containsExactly("meters", "client");
    }

    @Test
    void clientIsClosedThoughItsMetersCannotBe() {
        // Given
        AutoCloseable meters =
                () -> {
                    throw new IllegalArgumentException("stuck");
                };
        Bound<AutoCloseable> bound = new Bound<>(() -> closed.add("client"), meters);

        // Then
        assertThatIllegalStateException()
                .isThrownBy(bound::close)
                .withStackTraceContaining("stuck");
        assertThat(closed).containsExactly("client");
    }

    @Test
    void interruptionIsPassedOn() {
        // Given
        AutoCloseable interrupted =
                () -> {
                    throw new InterruptedException();
                };

        // When
        new Bound<AutoCloseable>(() -> closed.add("client"), interrupted).close();

        // Then
        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).containsExactly("client");
    }
}
