package io.millrace.dispatcher.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrontierTest {

    private static final TopicPartition SOURCE = new TopicPartition("requests", 3);
    private static final int OFFSETS = 120;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 5, 8, 13, 21, 34, 55, 89})
    void agreesWithASetOfSettledOffsetsWhateverTheOrder(long seed) {
        // Given
        Random random = new Random(seed);
        long start = random.nextInt(20);
        NavigableSet<Long> settled = new TreeSet<>();
        Frontier frontier = Frontier.at(start);

        for (int step = 0; step < 400; step++) {
            // When
            switch (random.nextInt(3)) {
                case 0 -> {
                    List<Long> offsets = offsets(random);
                    settled.addAll(offsets);
                    frontier = frontier.settle(offsets);
                }
                case 1 -> {
                    long first = random.nextInt(OFFSETS);
                    long last = first + random.nextInt(6);
                    for (long offset = first; offset <= last; offset++) {
                        settled.add(offset);
                    }
                    frontier = frontier.settleRange(first, last);
                }
                default -> frontier = Frontier.from(frontier.toEntry(SOURCE, step));
            }

            // Then
            long lowest = start;
            while (settled.contains(lowest)) {
                lowest++;
            }
            assertThat(frontier.lowestOpen()).as("seed %d step %d", seed, step).isEqualTo(lowest);
            for (long offset = 0; offset < OFFSETS + 10; offset++) {
                assertThat(frontier.isSettled(offset))
                        .as("seed %d step %d offset %d", seed, step, offset)
                        .isEqualTo(offset < start || settled.contains(offset));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 77, 777})
    void theOrderOfSettlingDoesNotMatter(long seed) {
        // Given
        Random random = new Random(seed);
        List<Long> offsets = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            offsets.add((long) random.nextInt(OFFSETS));
        }

        // When
        Frontier atOnce = Frontier.at(0).settle(offsets);
        Frontier oneByOne = Frontier.at(0);
        for (long offset : offsets.reversed()) {
            oneByOne = oneByOne.settle(List.of(offset));
        }

        // Then
        assertThat(oneByOne).isEqualTo(atOnce);
        assertThat(atOnce.settle(offsets)).isEqualTo(atOnce);
    }

    @Test
    void rangesInTheLedgerAscendAndDoNotTouch() {
        // When
        Frontier frontier = Frontier.at(10).settle(List.of(13L, 12L, 20L, 15L, 14L, 22L));

        // Then
        var entry = frontier.toEntry(SOURCE, 4);
        assertThat(entry.getLowestOpen()).isEqualTo(10);
        assertThat(entry.getSettledAbove())
                .extracting(range -> range.getFirst() + "-" + range.getLast())
                .containsExactly("12-15", "20-20", "22-22");
        assertThat(entry.getTopic()).isEqualTo("requests");
        assertThat(entry.getPartition()).isEqualTo(3);
        assertThat(entry.getAttemptsFrom()).isEqualTo(4);
    }

    @Test
    void settlingLeavesTheOldFrontierAsItWas() {
        // Given
        Frontier before = Frontier.at(0).settle(List.of(2L));

        // When
        Frontier after = before.settle(List.of(0L, 1L));

        // Then
        assertThat(before.lowestOpen()).isZero();
        assertThat(after.lowestOpen()).isEqualTo(3);
    }

    private static List<Long> offsets(Random random) {
        List<Long> offsets = new ArrayList<>();
        for (int i = random.nextInt(5); i >= 0; i--) {
            offsets.add((long) random.nextInt(OFFSETS));
        }
        return offsets;
    }
}
