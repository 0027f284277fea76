package io.millrace.dispatcher.intake;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.SLOTS;
import static io.millrace.dispatcher.Samples.TENANT;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.requests;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.execution.Job;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.SettlementSeam;
import io.millrace.dispatcher.settlement.WaitLane;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.serde.Codecs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** How far a tenant's records follow those that moved to its wait lane. */
class LanesIntakeTest {

    private static final TopicPartition LANE = new TopicPartition("lanes.acme.wait", 0);

    private final Codecs codecs = Samples.codecs();
    private final List<Job> jobs = new ArrayList<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Ownership ownership = new Ownership();
    private final OwnedSlot slot = ownership.own(Samples.state());
    private final WaitLane lane = slot.openWaitLane(new TenantId(TENANT));
    private final LanesIntake intake =
            new LanesIntake(
                    consumer,
                    ownership,
                    new Reception(
                            new RecordReader(codecs.slotRecords(), SLOTS),
                            new LookAhead(_ -> true),
                            jobs::add,
                            (_, _) -> {},
                            _ -> {},
                            () -> NOON),
                    new Backpressure(64, 1 << 20));
    private long end;

    @Test
    void laneIsFollowedNoMoreOnceItIsReadToItsEnd() {
        // Given
        moved(0);
        inTheLog(0);

        // When
        stepWith(record(0));

        // Then
        assertThat(jobs).extracting(job -> job.submit().getJobId()).containsExactly(jobId(0));
        assertThat(lane.isFollowed()).isFalse();
    }

    @Test
    void laneIsFollowedWhileARecordThatMovesIsNotInTheLog() {
        // Given
        moved(0);
        moved(1);
        inTheLog(0);

        // When
        stepWith(record(0));

        // Then
        assertThat(lane.isFollowed()).isTrue();
    }

    @Test
    void laneIsFollowedWhileSomethingOfItIsUnread() {
        // Given
        moved(0);
        moved(1);
        inTheLog(0);
        inTheLog(1);
        endsAt(2);

        // When
        stepWith(record(0));

        // Then
        assertThat(lane.isFollowed()).isTrue();
        stepWith(record(1));
        assertThat(lane.isFollowed()).isFalse();
    }

    @Test
    void laneOfASlotThatIsLostIsReadNoMore() {
        // Given
        moved(0);
        inTheLog(0);
        stepWith(record(0));

        // When
        ownership.disown(List.of(HOME));

        // Then
        assertThat(intake.step()).isFalse();
        assertThat(consumer.assignment()).isEmpty();
    }

    @Test
    void slotThatComesBackIsReadFromItsFrontierAgain() {
        // Given
        moved(0);
        stepWith(record(0));
        ownership.disown(List.of(HOME));
        ownership.own(Samples.state()).openWaitLane(new TenantId(TENANT));

        // When
        stepWith();

        // Then
        assertThat(consumer.position(LANE)).isZero();
    }

    private void moved(long offset) {
        requests(slot).read(offset);
        lane.moved(offset);
    }

    private void inTheLog(long offset) {
        SettlementSeam.settle(requests(slot), offset);
    }

    private void endsAt(long offset) {
        end = Math.max(end, offset);
        consumer.updateEndOffsets(Map.of(LANE, end));
    }

    @SafeVarargs
    private void stepWith(ConsumerRecord<byte[], byte[]>... records) {
        consumer.updateBeginningOffsets(Map.of(LANE, 0L));
        endsAt(0);
        consumer.schedulePollTask(() -> {
            for (ConsumerRecord<byte[], byte[]> each : records) {
                endsAt(each.offset() + 1);
                consumer.addRecord(each);
            }
        });
        assertThat(intake.step()).isTrue();
    }

    private ConsumerRecord<byte[], byte[]> record(int offset) {
        SlotRecord moved = SlotRecord.newBuilder().setSubmit(submit(offset).build()).build();
        return new ConsumerRecord<>(
                LANE.topic(),
                LANE.partition(),
                offset,
                new byte[0],
                codecs.slotRecords().encode(moved));
    }
}
