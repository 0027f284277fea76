package io.millrace.dispatcher.intake;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.SLOTS;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.request;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.execution.Job;
import io.millrace.dispatcher.settlement.Backlog;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Source;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.InboxJobIds;
import io.millrace.schemas.serde.Codecs;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What ends while it lies unread in a lane. */
class LaneSweepTest {

    private static final int BEHIND = 32;
    private static final TopicPartition LANE = new TopicPartition("lanes.acme.wait", 0);

    private final Codecs codecs = Samples.codecs();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final List<Job> ended = new ArrayList<>();
    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final Ownership ownership = new Ownership();
    private final OwnedSlot slot = ownership.own(Samples.state());
    private final Reception reception =
            new Reception(
                    new RecordReader(codecs.slotRecords(), SLOTS),
                    new InboxReader(codecs.inboxes(), new InboxJobIds(SLOTS), () -> NOON),
                    new LookAhead(_ -> 64, _ -> true),
                    ended::add,
                    (_, _) -> {},
                    _ -> {},
                    now::get);
    private final LaneSweep sweep =
            new LaneSweep(
                    consumer,
                    ownership,
                    reception,
                    _ -> new Backlog(2 * BEHIND, 4 << 20),
                    now::get);
    private final List<ConsumerRecord<byte[], byte[]>> lane = new ArrayList<>();
    private Source source;

    @BeforeEach
    void openLane() {
        slot.openLane(LANE.topic());
        source = slot.source(LANE).orElseThrow();
        for (int i = 0; i < BEHIND; i++) {
            source.waits("acme", 1);
        }
    }

    @Test
    void unreadJobEndsWhenItExpiresAndIsNotDoneWhenItIsRead() {
        // Given
        add(submit(1));
        add(expiring(2, NOON.plusSeconds(5)));
        add(submit(3));
        round();
        assertThat(ended).isEmpty();

        // When
        now.set(NOON.plusSeconds(5));
        round();
        round();

        // Then
        assertThat(ended).extracting(job -> job.submit().getJobId()).containsExactly(jobId(2));
        assertThat(source.read(0)).isTrue();
        assertThat(source.read(1)).isFalse();
        assertThat(source.read(2)).isTrue();
    }

    @Test
    void unreadJobEndsSoonAfterTheWishThatItDoes() {
        // Given
        add(submit(1));
        add(submit(2));
        round();

        // When
        slot.cancel(new Cancel(jobId(2), "acme", "cancelled", NOON));
        round();

        // Then
        assertThat(ended).extracting(job -> job.submit().getJobId()).containsExactly(jobId(2));
    }

    @Test
    void whatTheReaderHasReadIsItsOwnAffair() {
        // Given
        add(expiring(1, NOON));
        add(expiring(2, NOON));
        assertThat(source.read(0)).isTrue();

        // When
        round();

        // Then
        assertThat(ended).extracting(job -> job.submit().getJobId()).containsExactly(jobId(2));
    }

    @Test
    void laneWhoseReaderKeepsUpIsLeftAlone() {
        // Given
        add(expiring(1, NOON));
        source.waitsNoMore("acme", 1);

        // When
        round();

        // Then
        assertThat(ended).isEmpty();
    }

    @Test
    void soManyEndOutOfTurnThatTheFrontierStaysShort() {
        // Given
        for (int i = 1; i <= 1_500; i++) {
            add(expiring(i, NOON));
        }

        // When
        round();

        // Then
        assertThat(ended).hasSize(1_000);
    }

    private void round() {
        consumer.updateBeginningOffsets(Map.of(LANE, 0L));
        consumer.updateEndOffsets(Map.of(LANE, (long) lane.size()));
        consumer.assign(List.of(LANE)); // a mock takes records of nothing else
        consumer.seek(LANE, 0);
        lane.forEach(consumer::addRecord);
        sweep.round();
    }

    private static Submit.Builder expiring(int number, Instant at) {
        return submit(number).setRequest(request().setExpiresAt(at).build());
    }

    private void add(Submit.Builder submit) {
        SlotRecord content = SlotRecord.newBuilder().setSubmit(submit.build()).build();
        assertThat(slot.number()).isEqualTo(HOME);
        lane.add(
                new ConsumerRecord<>(
                        LANE.topic(),
                        0,
                        lane.size(),
                        new byte[0],
                        codecs.slotRecords().encode(content)));
    }
}
