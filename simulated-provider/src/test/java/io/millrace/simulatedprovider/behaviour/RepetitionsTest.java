package io.millrace.simulatedprovider.behaviour;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RepetitionsTest {

    @Test
    void keysAreCountedApart() {
        // Given
        Repetitions repetitions = new Repetitions(10);
        repetitions.next(1);
        repetitions.next(1);

        // Then
        assertThat(repetitions.next(1)).isEqualTo(2);
        assertThat(repetitions.next(2)).isZero();
    }

    @Test
    void keyLongestUnusedIsForgottenFirst() {
        // Given
        Repetitions repetitions = new Repetitions(2);
        repetitions.next(1);
        repetitions.next(2);
        repetitions.next(1);

        // When
        repetitions.next(3);

        // Then
        assertThat(repetitions.next(1)).isEqualTo(2);
        assertThat(repetitions.next(2)).isZero();
    }
}
