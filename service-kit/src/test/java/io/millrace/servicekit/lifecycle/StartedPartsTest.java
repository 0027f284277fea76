package io.millrace.servicekit.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StartedPartsTest {

    private final StartedParts parts = new StartedParts();
    private final List<String> stopped = new ArrayList<>();

    @Test
    void partsStopInTheReverseOrder() {
        // Given
        part("broker");
        part("consumer");
        part("port");

        // When
        parts.close();

        // Then
        assertThat(stopped).containsExactly("port", "consumer", "broker");
    }

    @Test
    void partThatFailsToStopKeepsNoOtherFromStopping() {
        // Given
        part("first");
        parts.add(() -> {
            throw new IllegalStateException("stuck");
        });
        part("last");

        // When
        parts.close();

        // Then
        assertThat(stopped).containsExactly("last", "first");
    }

    @Test
    void interruptionKeepsNoOtherFromStoppingAndIsPassedOn() {
        // Given
        part("first");
        parts.add(() -> {
            throw new InterruptedException();
        });

        // When
        parts.close();

        // Then
        assertThat(Thread.interrupted()).isTrue();
        assertThat(stopped).containsExactly("first");
    }

    @Test
    void partsStopOnce() {
        // Given
        part("only");

        // When
        parts.close();
        parts.close();

        // Then
        assertThat(stopped).containsExactly("only");
    }

    @Test
    void addedPartIsGivenBack() {
        AutoCloseable part = () -> stopped.add("x");

        assertThat(parts.add(part)).isSameAs(part);
    }

    private void part(String name) {
        parts.add(() -> stopped.add(name));
    }
}
