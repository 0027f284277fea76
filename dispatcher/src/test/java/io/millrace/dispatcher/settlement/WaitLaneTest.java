package io.millrace.dispatcher.settlement;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.REQUESTS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.id.TenantId;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class WaitLaneTest {

    private final Source requests = new Source(REQUESTS, Frontier.at(0));

    @Test
    void laneIsFollowedUntilAllThatMovedIsWrittenAndRead() {
        // Given
        WaitLane lane = new WaitLane(false);
        lane.moved(0);
        lane.moved(1);

        // When
        requests.settled(List.of(0L));

        // Then
        assertThat(lane.written(requests)).isEmpty();

        // When
        requests.settled(List.of(1L));
        lane.readToItsEnd(lane.written(requests).orElseThrow());

        // Then
        assertThat(lane.isFollowed()).isFalse();
    }

    @Test
    void laneIsFollowedWhenSomethingMovedSinceItsEndWasAskedFor() {
        // Given
        WaitLane lane = new WaitLane(false);
        lane.moved(0);
        requests.settled(List.of(0L));
        long asked = lane.written(requests).orElseThrow();

        // When
        lane.moved(1);
        lane.readToItsEnd(asked);

        // Then
        assertThat(lane.isFollowed()).isTrue();
    }

    @Test
    void laneThatAFormerOwnerLeftIsFollowedUntilItIsRead() {
        // Given
        Map<TopicPartition, Frontier> left =
                Map.of(
                        REQUESTS,
                        Frontier.at(9),
                        new TopicPartition("lanes.acme.wait", 0),
                        Frontier.at(3));
        OwnedSlot taken = new Ownership().own(new SlotState(HOME, left, Map.of(), Map.of(), 0));
        WaitLane lane = taken.waitLane(new TenantId("acme")).orElseThrow();

        // When
        boolean before = lane.isFollowed();
        lane.readToItsEnd(lane.written(requests).orElseThrow());

        // Then
        assertThat(before).isTrue();
        assertThat(lane.isFollowed()).isFalse();
    }
}
