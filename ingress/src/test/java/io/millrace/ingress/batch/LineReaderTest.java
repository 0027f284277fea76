package io.millrace.ingress.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LineReaderTest {

    private static final int LIMIT = 100;

    static LongStream seeds() {
        return LongStream.range(0, 30);
    }

    @Test
    void breakAtTheEndOfTheFileStartsNoFurtherLine() throws IOException {
        assertThat(read("a\nb\n")).extracting(RawLine::number).containsExactly(1, 2);
        assertThat(read("a\nb")).extracting(RawLine::end).containsExactly(2L, 3L);
    }

    @Test
    void lineAboveTheLimitIsNotKeptAndDoesNotHideTheNext() throws IOException {
        // When
        List<RawLine> lines = read("x".repeat(LIMIT + 1) + "\n" + "y".repeat(LIMIT) + "\n");

        // Then
        assertThat(lines.getFirst()).isEqualTo(new RawLine.TooLong(1, LIMIT + 2));
        assertThat(lines.getLast()).isInstanceOf(RawLine.Text.class);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void readingOnBehindAnyLineGivesTheSameLinesAsReadingAll(long seed) throws IOException {
        // Given
        String file = file(new SplittableRandom(seed));
        List<RawLine> all = read(file);

        for (int i = 0; i < all.size(); i++) {
            // When
            RawLine line = all.get(i);
            LineReader reader =
                    LineReader.behind(TestInput.stream(file), line.number(), line.end(), LIMIT);

            // Then
            assertThat(rest(reader))
                    .as("seed %d, line %d", seed, i)
                    .isEqualTo(all.subList(i + 1, all.size()));
        }
    }

    private static String file(SplittableRandom random) {
        StringBuilder file = new StringBuilder();
        int lines = random.nextInt(40);
        for (int i = 0; i < lines; i++) {
            file.append("ä".repeat(random.nextInt(LIMIT / 2 + 10))).append('\n');
        }
        return random.nextBoolean() ? file.append("end").toString() : file.toString();
    }

    private static List<RawLine> read(String file) throws IOException {
        try (InputStream in = TestInput.stream(file)) {
            return rest(LineReader.atStart(in, LIMIT));
        }
    }

    private static List<RawLine> rest(LineReader reader) throws IOException {
        List<RawLine> lines = new ArrayList<>();
        for (Optional<RawLine> line = reader.next(); line.isPresent(); line = reader.next()) {
            lines.add(line.get());
        }
        return lines;
    }
}
