package io.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CuttingTest {

    private static final Cutting TEN = new Cutting(10);

    @Test
    void shortParagraphsAreKeptTogether() {
        // Given
        Document document = new Document("a.txt", "one two three\n\nfour five six");
        // When
        List<Passage> passages = TEN.cut(document);
        // Then
        assertThat(passages)
                .containsExactly(new Passage("a.txt", 1, "one two three four five six"));
    }

    @Test
    void paragraphThatDoesNotFitBeginsThePassageAfter() {
        // Given
        Document document = new Document("a.txt", words(7) + "\n\n" + words(5));
        // When
        List<Passage> passages = TEN.cut(document);
        // Then
        assertThat(passages).extracting(Passage::text).containsExactly(words(7), words(5));
    }

    @Test
    void longParagraphIsCutBetweenSentences() {
        // Given
        Document document = new Document("a.txt", words(6) + ". " + words(6) + ".");
        // When
        List<Passage> passages = TEN.cut(document);
        // Then
        assertThat(passages)
                .extracting(Passage::text)
                .containsExactly(words(6) + ".", words(6) + ".");
    }

    @Test
    void sentenceWithoutAnEndIsCutBetweenWords() {
        assertThat(TEN.cut(new Document("a.txt", words(25))))
                .extracting(Passage::text)
                .containsExactly(words(10), words(10), words(5));
    }

    @Test
    void rulersAreNoText() {
        assertThat(TEN.cut(new Document("a.txt", "-----\n\n=====\n\n***"))).isEmpty();
    }

    @Test
    void refusesPassagesOfNoUsefulLength() {
        assertThatThrownBy(() -> new Cutting(9))
                .hasMessage("words of a passage must be between 10 and 1000, but were 9");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void everyWordIsInExactlyOnePassageInItsOrder(long seed) {
        // Given
        Random random = new Random(seed);
        String text =
                IntStream.range(0, 500)
                        .mapToObj(i -> "word" + i + separator(random))
                        .collect(Collectors.joining());
        // When
        List<Passage> passages = TEN.cut(new Document("seed-" + seed, text));
        // Then
        String joined = passages.stream().map(Passage::text).collect(Collectors.joining(" "));
        assertThat(joined.split("\\s+")).containsExactly(text.strip().split("\\s+"));
        assertThat(passages).allMatch(passage -> passage.text().split(" ").length <= 10);
    }

    private static String separator(Random random) {
        return List.of(" ", " ", " ", "\n", "\n\n", ". ", "; ").get(random.nextInt(7));
    }

    private static String words(int count) {
        return IntStream.range(0, count).mapToObj(_ -> "word").collect(Collectors.joining(" "));
    }
}
