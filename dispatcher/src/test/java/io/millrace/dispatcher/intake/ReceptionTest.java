package io.millrace.dispatcher.intake;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.REQUESTS;
import static io.millrace.dispatcher.Samples.SLOTS;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.request;
import static io.millrace.dispatcher.Samples.requests;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.execution.Job;
import io.millrace.dispatcher.settlement.Frontier;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlement.Ending.LaneKnown;
import io.millrace.dispatcher.settlement.Settlement.Ending.Poison;
import io.millrace.dispatcher.settlement.Settlement.Ending.Spilled;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.dispatcher.settlement.Source;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.LaneOpened;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.id.InboxJobIds;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.Usage;
import io.millrace.schemas.serde.Codecs;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReceptionTest {

    private static final int DEPTH = 20;
    private static final TopicPartition WAIT_LANE = new TopicPartition("lanes.acme.wait", 0);

    private final Codecs codecs = Samples.codecs();
    private final List<Job> jobs = new ArrayList<>();
    private final List<Cancel> cancels = new ArrayList<>();
    private final List<Settlement> settlements = new ArrayList<>();
    private final Set<TenantId> laneExists = new HashSet<>(Set.of(new TenantId("acme")));
    private final Reception reception =
            new Reception(
                    new RecordReader(codecs.slotRecords(), SLOTS),
                    new InboxReader(codecs.inboxes(), new InboxJobIds(SLOTS), () -> NOON),
                    new LookAhead(_ -> DEPTH, laneExists::contains),
                    jobs::add,
                    (_, cancel) -> cancels.add(cancel),
                    settlements::add,
                    () -> NOON);
    private final OwnedSlot slot = Samples.slot();

    @Test
    void wishToEndAJobIsKeptInMindAndPassedOn() {
        // Given
        Cancel cancel = new Cancel(jobId(7), "acme", "cancelled", NOON);

        // When
        reception.receive(
                slot,
                requests(slot),
                kafkaRecord(3, encode(SlotRecord.newBuilder().setCancel(cancel).build())));

        // Then
        assertThat(cancels).containsExactly(cancel);
        assertThat(slot.cancellation(submit(7).build())).contains(cancel);
        assertThat(settlements)
                .extracting(Settlement::ending)
                .containsExactly(new Settlement.Ending.CancelKnown(cancel));
    }

    @Test
    void workIsAJobWithItsPositionTraceAndProgress() {
        // Given
        var sent =
                kafkaRecord(
                        4,
                        encode(
                                SlotRecord.newBuilder()
                                        .setSubmit(
                                                submit(1)
                                                        .setAttempts(2)
                                                        .setUsage(
                                                                TokenUsage.newBuilder()
                                                                        .setInputTokens(7)
                                                                        .build())
                                                        .build())
                                        .build()));
        sent.headers().add("traceparent", "00-abc".getBytes(StandardCharsets.UTF_8));

        // When
        receive(sent);

        // Then
        assertThat(settlements).isEmpty();
        Job job = jobs.getFirst();
        assertThat(job.offset()).isEqualTo(4);
        assertThat(job.position().getTopic()).isEqualTo("requests");
        assertThat(job.traceparent()).contains("00-abc");
        assertThat(job.progress().attempts()).isEqualTo(2);
        assertThat(job.progress().known()).isEqualTo(Usage.of(7, 0));
    }

    @Test
    void traceHeaderWithoutAValueIsNoTrace() {
        // Given
        var sent = work(0);
        sent.headers().add("traceparent", null);

        // When
        receive(sent);

        // Then
        assertThat(jobs.getFirst().traceparent()).isEmpty();
    }

    @Test
    void recordThatWasSettledIsSkipped() {
        // Given
        SlotState state =
                new SlotState(
                        HOME,
                        Map.of(REQUESTS, Frontier.at(2).settle(List.of(3L))),
                        Map.of(),
                        Map.of(),
                        0);
        OwnedSlot taken = new Ownership().own(state);

        // When
        for (int offset = 0; offset < 5; offset++) {
            reception.receive(taken, requests(taken), work(offset));
        }

        // Then
        assertThat(jobs).extracting(Job::offset).containsExactly(2L, 4L);
        assertThat(settlements).isEmpty();
    }

    @Test
    void recordThatIsReadTwiceIsOneJob() {
        // When
        receive(work(0));
        receive(work(0));

        // Then
        assertThat(jobs).hasSize(1);
    }

    @Test
    void openedLaneIsReadFromAndSettled() {
        // When
        receive(
                kafkaRecord(
                        0,
                        encode(
                                SlotRecord.newBuilder()
                                        .setLaneOpened(new LaneOpened("acme", "lanes.acme.batch"))
                                        .build())));

        // Then
        assertThat(slot.source(new TopicPartition("lanes.acme.batch", 0))).isPresent();
        assertThat(settlements).singleElement().matches(each -> each.ending() instanceof LaneKnown);
        assertThat(jobs).isEmpty();
    }

    @Test
    void deadLetterHasPositionOriginalBytesHeadersAndReason() {
        // Given
        byte[] garbage = "no avro at all".getBytes(StandardCharsets.UTF_8);
        var sent = kafkaRecord(9, garbage);
        sent.headers().add("h", new byte[] {1, 2}).add("empty", null);

        // When
        receive(sent);

        // Then
        DeadLetter letter = letter();
        assertThat(letter.getSource().getTopic()).isEqualTo("requests");
        assertThat(letter.getSource().getPartition()).isEqualTo(HOME);
        assertThat(letter.getSource().getOffset()).isEqualTo(9);
        assertThat(letter.getReason()).isEqualTo("undecodable");
        assertThat(letter.getMessage()).isNotBlank();
        assertThat(letter.getValue()).isEqualTo(ByteBuffer.wrap(garbage));
        assertThat(letter.getKey())
                .isEqualTo(
                        ByteBuffer.wrap("key".getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        assertThat(letter.getHeaders())
                .containsOnly(
                        Map.entry("h", ByteBuffer.wrap(new byte[] {1, 2})),
                        Map.entry("empty", ByteBuffer.allocate(0)));
        assertThat(letter.getFoundAt()).isEqualTo(NOON);
        assertThat(letter.getTenant()).isNull();
        assertThat(settlements.getFirst().offset()).isEqualTo(9);
    }

    @Test
    void recordWithoutAValueIsPoison() {
        // When
        receive(kafkaRecord(0, null));

        // Then
        assertThat(letter().getReason()).isEqualTo("empty");
        assertThat(letter().getValue()).isNull();
    }

    @Test
    void deadLetterOfALaneNamesItsTenant() {
        // Given
        slot.openLane("lanes.acme.wait");
        TopicPartition lane = new TopicPartition("lanes.acme.wait", 0);

        // When
        reception.receive(
                slot,
                slot.source(lane).orElseThrow(),
                new ConsumerRecord<>(lane.topic(), 0, 0, new byte[0], new byte[] {9}));

        // Then
        assertThat(letter().getTenant()).isEqualTo("acme");
    }

    @Test
    void deadLetterOfAHugeRecordFitsIntoOne() {
        // Given
        var sent =
                new ConsumerRecord<>("requests", HOME, 0, new byte[2_000_000], new byte[2_000_000]);
        for (int i = 0; i < 200; i++) {
            sent.headers().add("h" + i, new byte[10_000]);
        }

        // When
        receive(sent);

        // Then
        assertThat(codecs.deadLetters().encode(letter())).hasSizeLessThan(1_900_000);
        assertThat(letter().getValue().remaining()).isEqualTo(Letters.MOST_VALUE_BYTES);
    }

    @Test
    void whatIsWrongIsToldInAFewWordsHoweverLongTheCauseIs() {
        // When
        receive(
                kafkaRecord(
                        0,
                        encode(
                                SlotRecord.newBuilder()
                                        .setSubmit(submit(1).setJobId("x".repeat(200_000)).build())
                                        .build())));

        // Then
        assertThat(letter().getMessage()).hasSizeLessThan(1_100);
    }

    @Test
    void poisonDoesNotHoldUpWhatFollows() {
        // When
        receive(kafkaRecord(0, new byte[] {1}));
        receive(work(1));

        // Then
        assertThat(settlements).hasSize(1);
        assertThat(jobs).hasSize(1);
    }

    @Test
    void jobBeyondItsTenantsLookAheadMovesToTheWaitLaneAndTheNextFollow() {
        // Given
        fill(DEPTH - 1, 1);

        // When
        receive(work(0));
        fill(1, 1);
        receive(work(1));
        empty(DEPTH, 1);
        receive(work(2));

        // Then
        assertThat(jobs).extracting(Job::offset).containsExactly(0L);
        assertThat(settlements).extracting(Settlement::offset).containsExactly(1L, 2L);
        assertThat(settlements)
                .extracting(Settlement::ending)
                .allMatch(ending ->
                        ending instanceof Spilled(var lane, _, _)
                                && lane.equals("lanes.acme.wait"));
        assertThat(slot.source(WAIT_LANE)).isPresent();
    }

    @Test
    void jobForWhichThereAreNotEnoughBytesMoves() {
        // Given
        fill(2, Depths.MOST_BYTES / 2);

        // When
        receive(work(0));

        // Then
        assertThat(jobs).isEmpty();
        assertThat(settlements).hasSize(1);
    }

    @Test
    void jobMovesSoonerWhenManyOfItsSlotWait() {
        // Given
        fill("umbra", LookAhead.CROWD);
        fill(Depths.FEWEST_JOBS, 1);

        // When
        receive(work(0));

        // Then
        assertThat(settlements).hasSize(1);
    }

    @Test
    void whatWaitsOfOneTenantMovesNothingOfAnother() {
        // Given
        fill("umbra", DEPTH);

        // When
        receive(work(0));

        // Then
        assertThat(jobs).hasSize(1);
        assertThat(settlements).isEmpty();
    }

    @Test
    void jobStaysInMemoryUntilItsWaitLaneIsMade() {
        // Given
        laneExists.clear();
        fill(DEPTH, 1);

        // When
        receive(work(0));

        // Then
        assertThat(jobs).hasSize(1);
        assertThat(slot.source(WAIT_LANE)).isEmpty();
    }

    @Test
    void synchronousCancelledAndExpiredJobsNeverMove() {
        // Given
        slot.openWaitLane(new TenantId("acme")).moved(0);
        slot.cancel(new Cancel(jobId(2), "acme", "cancelled", NOON));

        // When
        receive(job(1, submit(1).setSynchronous(true).build()));
        receive(job(2, submit(2).build()));
        receive(job(3, submit(3).setRequest(request().setExpiresAt(NOON).build()).build()));

        // Then
        assertThat(jobs).hasSize(3);
        assertThat(settlements).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"lanes.acme.wait", "lanes.acme.batch", "retries.5s"})
    void whatWasReadFromElsewhereNeverMoves(String topic) {
        // Given
        slot.openWaitLane(new TenantId("acme")).moved(0);
        slot.openLane(topic);
        Source source = slot.source(new TopicPartition(topic, 0)).orElseThrow();
        for (int i = 0; i < DEPTH; i++) {
            source.waits("acme", 1);
        }

        // When
        reception.receive(
                slot,
                source,
                new ConsumerRecord<>(topic, 0, 5, new byte[0], job(5, submit(5).build()).value()));

        // Then
        assertThat(jobs).hasSize(1);
        assertThat(settlements).isEmpty();
    }

    private void fill(String tenant, int count) {
        for (int i = 0; i < count; i++) {
            requests(slot).waits(tenant, 1);
        }
    }

    private void fill(int count, long bytes) {
        for (int i = 0; i < count; i++) {
            requests(slot).waits("acme", bytes);
        }
    }

    private void empty(int count, long bytes) {
        for (int i = 0; i < count; i++) {
            requests(slot).waitsNoMore("acme", bytes);
        }
    }

    private ConsumerRecord<byte[], byte[]> job(int offset, Submit submit) {
        return kafkaRecord(offset, encode(SlotRecord.newBuilder().setSubmit(submit).build()));
    }

    private DeadLetter letter() {
        return ((Poison) settlements.getFirst().ending()).letter();
    }

    private void receive(ConsumerRecord<byte[], byte[]> sent) {
        reception.receive(slot, requests(slot), sent);
    }

    private ConsumerRecord<byte[], byte[]> work(int offset) {
        return kafkaRecord(
                offset, encode(SlotRecord.newBuilder().setSubmit(submit(offset).build()).build()));
    }

    private static ConsumerRecord<byte[], byte[]> kafkaRecord(
            long offset, byte @Nullable [] value) {
        return new ConsumerRecord<>(
                "requests",
                HOME,
                offset,
                "key".getBytes(java.nio.charset.StandardCharsets.UTF_8),
                value);
    }

    private byte[] encode(SlotRecord content) {
        return codecs.slotRecords().encode(content);
    }
}
