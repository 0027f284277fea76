package io.millrace.dispatcher.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenAttemptsTest {

    @Test
    void attemptWhoseThreadIsSlowToSayWhereItLiesIsNotPassedBy() {
        // Given
        OpenAttempts attempts = new OpenAttempts(10, List.of());
        long slow = attempts.announce(); // will lie at 10
        long fast = attempts.announce();
        attempts.started(fast, 11);

        // When
        long from = attempts.from(Set.of(11L));

        // Then
        assertThat(from).isEqualTo(10);
        attempts.settled(List.of(11L));
        attempts.started(slow, 10);
        assertThat(attempts.from(Set.of())).isEqualTo(10);
        assertThat(attempts.from(Set.of(10L))).isEqualTo(12);
    }

    @Test
    void attemptThatCannotBeJournalledHoldsNothingBack() {
        // Given
        OpenAttempts attempts = new OpenAttempts(3, List.of());
        long first = attempts.announce();
        long second = attempts.announce();
        attempts.started(second, 7);

        // When
        attempts.withdraw(first);

        // Then
        assertThat(attempts.from(Set.of(7L))).isEqualTo(8);
    }

    @Test
    void attemptsOfAFormerOwnerAreOpen() {
        // When
        OpenAttempts attempts = new OpenAttempts(9, List.of(4L, 6L));

        // Then
        assertThat(attempts.from(Set.of())).isEqualTo(4);
        assertThat(attempts.from(Set.of(4L))).isEqualTo(6);
        assertThat(attempts.from(Set.of(4L, 6L))).isEqualTo(9);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void nothingOpenEverLiesBelow(long seed) {
        // Given
        Random random = new Random(seed);
        OpenAttempts attempts = new OpenAttempts(0, List.of());
        long end = 0;
        Map<Long, Long> sent = new HashMap<>(); // offset to floor: in the log, not yet said so
        Set<Long> open = new TreeSet<>();
        long highest = 0;

        for (int step = 0; step < 2_000; step++) {
            // When
            switch (random.nextInt(3)) {
                case 0 -> sent.put(end++, attempts.announce());
                case 1 -> {
                    if (!sent.isEmpty()) {
                        long offset = any(sent.keySet(), random);
                        attempts.started(sent.getOrDefault(offset, 0L), offset);
                        sent.remove(offset);
                        open.add(offset);
                    }
                }
                default -> {
                    if (!open.isEmpty()) {
                        long offset = any(open, random);
                        highest = Math.max(highest, attempts.from(Set.of(offset)));
                        attempts.settled(List.of(offset));
                        open.remove(offset);
                    }
                }
            }

            // Then
            long written = highest;
            assertThat(open).as("seed %d step %d", seed, step).allMatch(each -> each >= written);
            assertThat(sent.keySet()).allMatch(each -> each >= written);
        }
    }

    private static long any(Set<Long> offsets, Random random) {
        return new ArrayList<>(offsets).get(random.nextInt(offsets.size()));
    }
}
