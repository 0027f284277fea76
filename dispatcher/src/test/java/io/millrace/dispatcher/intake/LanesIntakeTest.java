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
import io.millrace.dispatcher.settlement.Backlog;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.SettlementSeam;
import io.millrace.dispatcher.settlement.Source;
import io.millrace.dispatcher.settlement.WaitLane;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.id.InboxJobIds;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.serde.Codecs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** How far a tenant's records follow those that moved to its wait lane. */
class LanesIntakeTest {

    private static final TopicPartition LANE = new TopicPartition("lanes.acme.wait", 0);
    private static final TopicPartition BATCH = new TopicPartition("lanes.acme.batch", 0);

    private final Codecs codecs = Samples.codecs();
    private final List<Job> jobs = new ArrayList<>();
    private final AtomicLong nanos = new AtomicLong();
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
                            new InboxReader(codecs.inboxes(), new InboxJobIds(SLOTS), () -> NOON),
                            new LookAhead(_ -> 64, _ -> true),
                            jobs::add,
                            (_, _) -> {},
                            _ -> {},
                            () -> NOON),
                    new Backpressure(_ -> new Backlog(64, 1 << 20)),
                    new Refill(nanos::get),
                    new IdleLanes(nanos::get, IdleLanes.PATIENCE),
                    _ -> true,
                    nanos::get);
    private final Set<TopicPartition> ends = new HashSet<>();
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

    @Test
    void laneWithoutWorkForTenMinutesIsLetGoAndReadOnWhereItWasWhenItIsWoken() {
        // Given
        slot.openLane(BATCH.topic());
        step();
        deliver(BATCH, 0);
        settled(BATCH, 0);

        // When
        pass(Duration.ofMinutes(9));
        Set<TopicPartition> before = consumer.assignment();
        pass(Duration.ofMinutes(2));

        // Then
        assertThat(before).contains(BATCH);
        assertThat(consumer.assignment()).doesNotContain(BATCH);
        assertThat(slot.source(BATCH).orElseThrow().isResting()).isTrue();

        // When
        slot.openLane(BATCH.topic());
        step();

        // Then
        assertThat(consumer.assignment()).contains(BATCH);
        assertThat(consumer.position(BATCH)).isEqualTo(1);
        deliver(BATCH, 1);
        assertThat(jobs).hasSize(2);
    }

    @Test
    void laneIsKeptThatWasWokenOrHasWorkOrSomethingUnread() {
        // Given
        slot.openLane(BATCH.topic());
        step();
        deliver(BATCH, 0); // runs for long
        pass(Duration.ofMinutes(30));
        assertThat(consumer.assignment()).contains(BATCH);
        settled(BATCH, 0);
        pass(Duration.ofMinutes(9));

        // When
        slot.openLane(BATCH.topic()); // an ingress tells of it again
        pass(Duration.ofMinutes(9));
        assertThat(consumer.assignment()).contains(BATCH);
        consumer.updateEndOffsets(Map.of(BATCH, 2L)); // and its line is in the log now
        pass(Duration.ofMinutes(9));

        // Then
        assertThat(consumer.assignment()).contains(BATCH);
        consumer.updateEndOffsets(Map.of(BATCH, 1L));
        pass(Duration.ofMinutes(1));
        assertThat(consumer.assignment()).doesNotContain(BATCH);
    }

    @Test
    void laneThatIsWokenWhileItIsLetGoIsReadOn() {
        // Given
        slot.openLane(BATCH.topic());
        Source source = slot.source(BATCH).orElseThrow();
        long asOf = source.wakes();

        // When
        slot.openLane(BATCH.topic());

        // Then
        assertThat(source.rest(asOf)).isFalse();
        assertThat(source.isResting()).isFalse();
    }

    @Test
    void waitLaneThatIsFollowedIsKeptAndRetryTopicsAreForEver() {
        // Given
        TopicPartition retries = new TopicPartition("retries.5s", 0);
        slot.openLane(retries.topic());
        moved(0);
        consumer.updateBeginningOffsets(Map.of(LANE, 0L));
        endsAt(0);

        // When
        pass(Duration.ofMinutes(30));
        Set<TopicPartition> followed = consumer.assignment();
        inTheLog(0);
        stepWith(record(0));
        settled(LANE, 0);
        pass(Duration.ofMinutes(11));

        // Then
        assertThat(followed).contains(LANE, retries);
        assertThat(lane.isFollowed()).isFalse();
        assertThat(consumer.assignment()).contains(retries).doesNotContain(LANE);

        // When
        moved(1);
        slot.openWaitLane(new TenantId(TENANT));
        step();

        // Then
        assertThat(consumer.assignment()).contains(LANE);
    }

    private void pass(Duration time) {
        for (long second = 0; second < time.toSeconds(); second += 30) {
            nanos.addAndGet(Duration.ofSeconds(30).toNanos());
            step();
        }
    }

    private void deliver(TopicPartition partition, int offset) {
        consumer.schedulePollTask(() -> {
            consumer.updateEndOffsets(Map.of(partition, offset + 1L));
            consumer.addRecord(record(partition, offset));
        });
        step();
    }

    private void settled(TopicPartition partition, long offset) {
        SettlementSeam.settle(slot.source(partition).orElseThrow(), offset);
    }

    private void step() {
        for (TopicPartition each : List.of(LANE, BATCH, new TopicPartition("retries.5s", 0))) {
            consumer.updateBeginningOffsets(Map.of(each, 0L));
            if (!ends.contains(each)) {
                ends.add(each);
                consumer.updateEndOffsets(Map.of(each, 0L));
            }
        }
        var _ = intake.step();
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
        return record(LANE, offset);
    }

    private ConsumerRecord<byte[], byte[]> record(TopicPartition lane, int offset) {
        SlotRecord moved = SlotRecord.newBuilder().setSubmit(submit(offset).build()).build();
        return new ConsumerRecord<>(
                lane.topic(),
                lane.partition(),
                offset,
                new byte[0],
                codecs.slotRecords().encode(moved));
    }
}
