package io.millrace.dispatcher.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyRingTest {

    private static final Instant NOON = Samples.NOON;
    private static final Instant LATER = NOON.plus(KeyRing.ASIDE);

    private final List<String> source = new ArrayList<>(List.of("a", "b", "c"));
    private final KeyRing keys = new KeyRing(() -> List.copyOf(source));

    @Test
    void keysAreUsedInTurn() {
        assertThat(next(6, NOON)).containsExactly("a", "b", "c", "a", "b", "c");
    }

    @Test
    void keySetAsideIsLeftOutUntilItsTime() {
        // When
        boolean another = keys.setAside("b", LATER, NOON);

        // Then
        assertThat(another).isTrue();
        assertThat(next(4, NOON)).doesNotContain("b");
        assertThat(next(3, LATER)).contains("b");
    }

    @Test
    void shorterPauseDoesNotCutALongerOne() {
        // Given
        keys.setAside("b", LATER, NOON);

        // When
        keys.setAside("b", NOON.plusSeconds(1), NOON);

        // Then
        assertThat(next(4, NOON.plusSeconds(2))).doesNotContain("b");
    }

    @Test
    void allAreTriedInTurnWhenAllAreSetAside() {
        // When
        keys.setAside("a", LATER, NOON);
        keys.setAside("b", LATER, NOON);
        boolean another = keys.setAside("c", LATER, NOON);

        // Then
        assertThat(another).isFalse();
        assertThat(keys.hasOther("a", NOON)).isFalse();
        assertThat(next(3, NOON)).containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void replacedKeyIsUsedAtOnceAndTheOldOneForgotten() {
        // Given
        keys.setAside("a", LATER, NOON);
        source.set(0, "new");
        assertThat(next(3, NOON)).contains("new");

        // When
        source.set(0, "a");

        // Then
        assertThat(next(3, NOON)).contains("a");
    }

    @Test
    void firstRefusalIsNewsUntilTheKeyWorks() {
        assertThat(keys.isNews("a")).isTrue();
        assertThat(keys.isNews("a")).isFalse();
        assertThat(keys.worked("a")).isTrue();
        assertThat(keys.worked("a")).isFalse();
        assertThat(keys.isNews("a")).isTrue();
    }

    @Test
    void noKeyIsAnswerEnough() {
        // Given
        source.clear();

        // Then
        assertThat(keys.next(NOON)).isEmpty();
        assertThat(keys.areSeveral()).isFalse();
        assertThat(keys.hasOther("a", NOON)).isFalse();
    }

    private List<String> next(int count, Instant now) {
        return IntStream.range(0, count).mapToObj(_ -> keys.next(now).orElseThrow()).toList();
    }
}
