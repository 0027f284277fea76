package io.millrace.dispatcher.settlement;

import static io.millrace.dispatcher.Samples.REQUESTS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SourceTest {

    @Test
    void offsetsThatAreNoRecordsAreSettledOnceWhatFollowsIsRead() {
        // Given
        Source source = new Source(REQUESTS, Frontier.at(5));

        // When
        assertThat(source.read(5)).isTrue();
        assertThat(source.read(8)).isTrue();

        // Then
        source.settled(List.of(5L));
        assertThat(source.frontier().lowestOpen()).isEqualTo(8);
    }

    @Test
    void gapAtTheBeginningIsSettled() {
        // Given
        Source source = new Source(REQUESTS, Frontier.at(0));

        // When
        source.read(40);

        // Then
        assertThat(source.frontier().lowestOpen()).isEqualTo(40);
    }

    @Test
    void recordThatAFormerOwnerSettledIsNotDoneAgain() {
        // Given
        Source source = new Source(REQUESTS, Frontier.at(5).settle(List.of(6L)));

        // When // Then
        assertThat(source.read(5)).isTrue();
        assertThat(source.read(6)).isFalse();
        assertThat(source.read(7)).isTrue();
    }

    @Test
    void rangesRestoredAboveThePositionSurviveACommitBelowThem() {
        // Given
        Source source = new Source(REQUESTS, Frontier.at(5).settle(List.of(7L, 8L, 100L)));
        source.read(5);

        // When
        source.settled(List.of(5L));

        // Then
        assertThat(source.frontier()).isEqualTo(Frontier.at(6).settle(List.of(7L, 8L, 100L)));
        assertThat(source.read(6)).isTrue();
        assertThat(source.read(100)).isFalse();
        assertThat(source.frontier().isSettled(6)).isFalse();
    }

    @Test
    void recordThatIsUnderWayIsNotBegunTwiceWhenItIsReadAgain() {
        // Given
        Source source = new Source(REQUESTS, Frontier.at(0));
        source.read(0);
        source.read(1);

        // When // Then
        assertThat(source.read(0)).isFalse();
        assertThat(source.read(1)).isFalse();
        assertThat(source.read(2)).isTrue();
        assertThat(source.frontier().lowestOpen()).isZero();
    }

    @Test
    void frontierToCommitIsNotYetThatOfMemory() {
        // Given
        Source source = new Source(REQUESTS, Frontier.at(0));
        source.read(0);

        // When
        Frontier after = source.after(List.of(0L));

        // Then
        assertThat(after.lowestOpen()).isEqualTo(1);
        assertThat(source.frontier().lowestOpen()).isZero();
    }
}
