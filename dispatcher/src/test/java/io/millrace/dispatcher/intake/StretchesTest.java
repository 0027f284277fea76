package io.millrace.dispatcher.intake;

import static io.millrace.dispatcher.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class StretchesTest {

    private final Stretches stretches = new Stretches();

    @Test
    void everyStretchIsLookedThroughOnceAndThenLeftAlone() {
        // Given
        assertThat(due(0, 2_500, 0)).containsExactly(0L, 1L, 2L);

        // When
        see(0, 1_000, Instant.MAX);
        see(1, 2_000, Instant.MAX);
        see(2, 2_500, Instant.MAX);

        // Then
        assertThat(due(0, 2_500, 0)).isEmpty();
        assertThat(due(0, 2_501, 0)).containsExactly(2L); // more came
    }

    @Test
    void stretchIsDueWhenItsFirstJobExpires() {
        see(0, 1_000, NOON.plusMillis(1));
        assertThat(due(0, 1_000, 0)).isEmpty();

        see(0, 1_000, NOON);
        assertThat(due(0, 1_000, 0)).containsExactly(0L);
    }

    @Test
    void afterAWishEverythingIsLookedThroughAgain() {
        see(0, 1_000, Instant.MAX);

        assertThat(due(0, 1_000, 1)).containsExactly(0L);
    }

    @Test
    void whatTheReaderHasPassedIsForgotten() {
        see(0, 1_000, NOON);
        see(1, 2_000, Instant.MAX);

        assertThat(due(1_000, 2_000, 0)).isEmpty();
        assertThat(stretches.known()).isEqualTo(1);
        assertThat(due(2_000, 2_000, 0)).isEmpty();
    }

    @Test
    void roundIsBoundedAndTheNextGoesOnBehindIt() {
        // Given
        long end = 50 * Stretches.LENGTH;

        // When
        List<Long> one = due(0, end, 0);
        List<Long> two = due(0, end, 0);
        List<Long> three = due(0, end, 0);

        // Then
        assertThat(one).containsExactlyElementsOf(LongStream.range(0, 20).boxed().toList());
        assertThat(two).containsExactlyElementsOf(LongStream.range(20, 40).boxed().toList());
        assertThat(three).startsWith(40L, 41L).contains(0L).hasSize(Stretches.MOST);
    }

    private List<Long> due(long position, long end, long wishes) {
        return stretches.due(position, end, wishes, NOON);
    }

    private void see(long number, long to, Instant expiry) {
        stretches.seen(number, new Stretches.Stretch(to, expiry, 0));
    }
}
