package io.millrace.ingress.batch;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.ingress.batch.LineEnd.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws of a chunk's progress, whatever comes in whatever order and however often. */
class ProgressLawTest {

    private static final int FIRST = 3 * ProgressChunk.LINES + 1;

    private static final List<Kind> KINDS = List.copyOf(EnumSet.allOf(Kind.class));

    static LongStream seeds() {
        return LongStream.range(0, 50);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void anyOrderAndAnyRepetitionCountsEachLineOnce(long seed) {
        // Given
        Random random = new Random(seed);
        List<Integer> lines =
                new ArrayList<>(
                        IntStream.range(FIRST, FIRST + ProgressChunk.LINES)
                                .filter(_ -> random.nextInt(3) > 0)
                                .boxed()
                                .toList());
        Progress expected =
                lines.stream()
                        .map(line -> Progress.of(end(line)))
                        .reduce(Progress.NONE, Progress::plus);
        List<Integer> replayed = new ArrayList<>(lines);
        IntStream.range(0, lines.size())
                .forEach(_ -> replayed.add(lines.get(random.nextInt(lines.size()))));
        Collections.shuffle(replayed, random);

        // When
        ProgressChunk chunk = ProgressChunk.EMPTY;
        for (int line : replayed) {
            chunk = ProgressChunk.read(chunk.with(line, end(line)).bytes());
        }

        // Then
        assertThat(chunk.sums()).isEqualTo(expected);
        for (int line = FIRST; line < FIRST + ProgressChunk.LINES; line++) {
            assertThat(chunk.hasEnded(line)).as("line %d", line).isEqualTo(lines.contains(line));
        }
    }

    @Test
    void sumsThatCannotBeTrueStopAtTheLargestNumber() {
        // Given
        LineEnd absurd =
                new LineEnd(Kind.COMPLETED, new TokenSums(Long.MAX_VALUE, 1, 0, 0), Long.MAX_VALUE);

        // When
        ProgressChunk chunk = ProgressChunk.EMPTY.with(1, absurd).with(2, absurd);

        // Then
        assertThat(chunk.sums().tokens().input()).isEqualTo(Long.MAX_VALUE);
        assertThat(chunk.sums().costNanoUsd()).isEqualTo(Long.MAX_VALUE);
        assertThat(chunk.sums().completed()).isEqualTo(2);
    }

    private static LineEnd end(int line) {
        Kind kind = KINDS.get(line % KINDS.size());
        return new LineEnd(kind, new TokenSums(line, 2L * line, 3, 4), 5L * line);
    }
}
