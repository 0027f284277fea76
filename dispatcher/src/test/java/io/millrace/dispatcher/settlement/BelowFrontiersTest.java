package io.millrace.dispatcher.settlement;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.REQUESTS;
import static io.millrace.dispatcher.Samples.requests;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class BelowFrontiersTest {

    private static final TopicPartition LANE = new TopicPartition("lanes.acme.batch", 0);

    private final Ownership ownership = new Ownership();
    private final OwnedSlot slot = ownership.own(Samples.state());
    private final BelowFrontiers done = new BelowFrontiers(ownership, 10);

    @Test
    void whatIsSettledMayBeDeletedWhenThereIsEnough() {
        // When
        settle(requests(slot), 0, 9);

        // Then
        assertThat(done.due()).isEmpty();
        settle(requests(slot), 9, 10);
        assertThat(done.due()).containsExactly(Map.entry(REQUESTS, 10L));
    }

    @Test
    void nothingBehindAnOpenRecordMayBeDeleted() {
        // When
        settle(requests(slot), 0, 12);
        settle(requests(slot), 13, 99);

        // Then
        assertThat(done.due()).containsExactly(Map.entry(REQUESTS, 12L));
    }

    @Test
    void lanesAreDeletedLikeRequests() {
        // Given
        slot.openLane(LANE.topic());

        // When
        settle(slot.source(LANE).orElseThrow(), 0, 30);

        // Then
        assertThat(done.due()).containsExactly(Map.entry(LANE, 30L));
    }

    @Test
    void whatIsDeletedIsNotDueAgain() {
        // Given
        settle(requests(slot), 0, 10);

        // When
        done.deleted(done.due());

        // Then
        assertThat(done.due()).isEmpty();
        settle(requests(slot), 10, 20);
        assertThat(done.due()).containsExactly(Map.entry(REQUESTS, 20L));
    }

    @Test
    void slotOfOthersIsTheirAffair() {
        // Given
        settle(requests(slot), 0, 10);

        // When
        ownership.disown(List.of(HOME));

        // Then
        assertThat(done.due()).isEmpty();
    }

    private static void settle(Source source, long from, long to) {
        source.settled(LongStream.range(from, to).boxed().toList());
    }
}
