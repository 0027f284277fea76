package io.millrace.dispatcher.intake;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.REQUESTS;
import static io.millrace.dispatcher.Samples.TENANT;
import static io.millrace.dispatcher.Samples.jobId;
import static io.millrace.dispatcher.Samples.requests;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.execution.Adoptions;
import io.millrace.dispatcher.execution.ExecutionSeam;
import io.millrace.dispatcher.execution.Job;
import io.millrace.dispatcher.execution.Progress;
import io.millrace.dispatcher.settlement.Frontier;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** When the calls of former owners are given up, and when not. */
class HandoffsIntakeTest {

    private static final TopicPartition HANDOFFS =
            new TopicPartition(Topic.HANDOFFS.topicName(), HOME);
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final Duration TELLING = Duration.ofSeconds(3);

    private final Codecs codecs = Samples.codecs();
    private final List<String> ends = new ArrayList<>();
    private final Adoptions adoptions = ExecutionSeam.adoptions(ends::add);
    private final OwnedSlot slot = new Ownership().own(state(), adoptions::expect);
    private final PlayedPeers peers = new PlayedPeers();
    private final HandoffsConsumer consumer = new HandoffsConsumer();
    private final AtomicLong nanos = new AtomicLong();
    private Instant now = NOON;
    private long end;
    private final HandoffsIntake intake =
            new HandoffsIntake(
                    consumer,
                    partitions -> {
                        assertThat(partitions).containsExactly(HANDOFFS);
                        return Map.of(HANDOFFS, end);
                    },
                    peers,
                    adoptions,
                    codecs.handoffs(),
                    () -> now,
                    nanos::get);

    HandoffsIntakeTest() {
        Job job =
                new Job(
                        submit(1).build(),
                        slot,
                        requests(slot),
                        0,
                        Optional.empty(),
                        Progress.of(submit(1).build()));
        assertThat(ExecutionSeam.take(adoptions, job)).isTrue();
        peers.members.add("member");
    }

    @Test
    void callOfALivingProcessIsWaitedForUntilItsDeadlineAndTheTimeOfTelling() {
        // When
        stepAt(NOON.plus(CALL).plus(TELLING));
        List<String> before = List.copyOf(ends);
        stepAt(NOON.plus(CALL).plus(TELLING).plusMillis(1));

        // Then
        assertThat(before).isEmpty();
        assertThat(ends).containsExactly("deadline");
        assertThat(intake.step()).isFalse();
    }

    @Test
    void outcomeThatLiesInTheLogWinsOverTheDeadlineThatWasSleptThrough() {
        // Given
        stepAt(NOON);
        consumer.schedulePollTask(() -> {}); // the next poll brings nothing yet
        end = 1;
        consumer.schedulePollTask(() -> consumer.addRecord(handoff(0)));

        // When
        stepAt(NOON.plus(Duration.ofHours(1)));

        // Then
        assertThat(ends).containsExactly("told");
    }

    @Test
    void callOfAProcessThatIsGoneIsGivenUpAtOnceButNotBeforeTheLogIsRead() {
        // Given
        stepAt(NOON);
        peers.members.clear();
        end = 1;
        consumer.schedulePollTask(() -> {});
        consumer.schedulePollTask(() -> assertThat(ends).isEmpty()); // it is still behind the end
        consumer.schedulePollTask(() -> consumer.addRecord(handoff(0, "another", 7)));

        // When
        stepAt(NOON.plusSeconds(1));

        // Then
        assertThat(ends).containsExactly("process_gone");
    }

    @Test
    void callOfAProcessThatDrainsIsWaitedForUntilTheDrainIsOver() {
        // Given
        peers.members.clear();
        peers.announced.put("former", NOON.plusSeconds(20));

        // When
        stepAt(NOON.plusSeconds(19));
        List<String> before = List.copyOf(ends);
        stepAt(NOON.plusSeconds(21));

        // Then
        assertThat(before).isEmpty();
        assertThat(ends).containsExactly("process_gone");
    }

    @Test
    void whoIsAliveIsAskedTwiceASecondAtMost() {
        // When
        stepAt(NOON);
        int asked = peers.asked;
        intake.step();
        nanos.addAndGet(Duration.ofMillis(499).toNanos());
        intake.step();
        int soon = peers.asked;
        nanos.addAndGet(Duration.ofMillis(1).toNanos());
        intake.step();

        // Then
        assertThat(asked).isEqualTo(1);
        assertThat(soon).isEqualTo(1);
        assertThat(peers.asked).isEqualTo(2);
    }

    private void stepAt(Instant time) {
        now = time;
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        assertThat(intake.step()).isTrue();
    }

    private ConsumerRecord<byte[], byte[]> handoff(long offset) {
        return handoff(offset, "former", 1);
    }

    private ConsumerRecord<byte[], byte[]> handoff(long offset, String process, int attempt) {
        Handoff told =
                Handoff.newBuilder()
                        .setJobId(jobId(1))
                        .setAttempt(attempt)
                        .setSource(new SourcePosition(REQUESTS.topic(), HOME, 0L))
                        .setProcess(process)
                        .setOutcome("completed")
                        .setUsage(TokenUsage.newBuilder().build())
                        .setStartedAt(NOON)
                        .setEndedAt(NOON.plusSeconds(5))
                        .build();
        return new ConsumerRecord<>(
                HANDOFFS.topic(), HOME, offset, new byte[0], codecs.handoffs().encode(told));
    }

    private static SlotState state() {
        AttemptStarted started =
                AttemptStarted.newBuilder()
                        .setJobId(jobId(1))
                        .setTenant(TENANT)
                        .setAttempt(1)
                        .setSource(new SourcePosition(REQUESTS.topic(), HOME, 0L))
                        .setProvider("p")
                        .setTarget("t")
                        .setModel("m")
                        .setProcess("former")
                        .setMember("member")
                        .setStartedAt(NOON)
                        .setDeadline(NOON.plus(CALL))
                        .build();
        List<PriorAttempt> attempts =
                new ArrayList<>(List.of(new PriorAttempt(started, 0, PriorAttempt.End.OPEN)));
        return new SlotState(
                HOME,
                Map.of(REQUESTS, Frontier.at(0)),
                Map.of(),
                Map.of(REQUESTS, new TreeMap<>(Map.of(0L, attempts))),
                1);
    }

    private static final class PlayedPeers implements Peers {

        private final Set<String> members = new HashSet<>();
        private final Map<String, Instant> announced = new HashMap<>();
        private final Map<String, Instant> read = new HashMap<>();
        private int asked;

        @Override
        public Set<String> members() {
            asked++;
            return members;
        }

        @Override
        public boolean isAlive(AttemptStarted started, Set<String> alive) {
            return alive.contains(started.getMember());
        }

        @Override
        public boolean drains(AttemptStarted started, Instant time) {
            return Optional.ofNullable(read.get(started.getProcess()))
                    .filter(time::isBefore)
                    .isPresent();
        }

        @Override
        public void readDrains(Map<TopicPartition, Long> from) {
            read.putAll(announced);
        }
    }

    private static final class HandoffsConsumer extends MockConsumer<byte[], byte[]> {

        HandoffsConsumer() {
            super("earliest");
            updateBeginningOffsets(Map.of(HANDOFFS, 0L));
            updateEndOffsets(Map.of(HANDOFFS, 0L));
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndTimestamp> offsetsForTimes(
                Map<TopicPartition, Long> times) {
            assertThat(times)
                    .containsExactly(Map.entry(HANDOFFS, NOON.minusSeconds(60).toEpochMilli()));
            return Map.of(HANDOFFS, new OffsetAndTimestamp(0, 0));
        }
    }
}
