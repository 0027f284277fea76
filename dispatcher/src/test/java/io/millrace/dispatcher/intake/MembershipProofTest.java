package io.millrace.dispatcher.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.settlement.Frontier;
import io.millrace.dispatcher.settlement.Lease;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MembershipProofTest {

    private static final TopicPartition REQUESTS =
            new TopicPartition(Topic.REQUESTS.topicName(), 3);

    private final AtomicLong now = new AtomicLong();
    private final Ownership ownership = new Ownership(new Lease(now::get, Duration.ofSeconds(5)));
    private final Asked group = new Asked();
    private final MembershipProof proof = new MembershipProof(group, ownership);

    @Test
    void nothingIsAskedBySomebodyWithoutSlots() {
        // When
        proof.ask();

        // Then
        assertThat(group.questions).isEmpty();
    }

    @Test
    void slotIsConfirmedByTheAnswerAndFromTheQuestionOn() {
        // Given
        OwnedSlot slot = owned();

        // When
        proof.ask();
        pass(3_000);
        group.answer(null);

        // Then
        assertThat(slot.isConfirmed()).isTrue();
        pass(2_001);
        assertThat(slot.isConfirmed()).isFalse();
    }

    @Test
    void offsetIsTheOneThatTransactionsCommit() {
        // Given
        owned();

        // When
        proof.ask();

        // Then
        assertThat(group.offsets).containsExactly(Map.of(REQUESTS, new OffsetAndMetadata(17)));
    }

    @Test
    void refusalConfirmsNothing() {
        // Given
        OwnedSlot slot = owned();

        // When
        proof.ask();
        group.answer(new CommitFailedException("not a member"));

        // Then
        assertThat(slot.isConfirmed()).isFalse();
    }

    @Test
    void oneQuestionIsUnderWayAtATimeUnlessTheAnswerIsLate() {
        // Given
        owned();

        // When
        proof.ask();
        pass(1_000);
        proof.ask();

        // Then
        assertThat(group.questions).hasSize(1);
        pass(1_000);
        proof.ask();
        assertThat(group.questions).hasSize(2);
    }

    @Test
    void isAskedAgainHalfASecondAfterTheQuestion() {
        // Given
        owned();
        proof.ask();
        group.answer(null);

        // When
        pass(499);
        proof.ask();

        // Then
        assertThat(group.questions).isEmpty();
        pass(1);
        proof.ask();
        assertThat(group.questions).hasSize(1);
    }

    @Test
    void slotThatHasJustComeIsConfirmedAtOnce() {
        // Given
        OwnedSlot slot = owned();

        // When
        proof.askNow();

        // Then
        assertThat(slot.isConfirmed()).isTrue();
    }

    @Test
    void slotThatComesWhileTheGroupDoesNotAnswerWaits() {
        // Given
        OwnedSlot slot = owned();
        group.refuses = true;

        // When
        proof.askNow();

        // Then
        assertThat(slot.isConfirmed()).isFalse();
    }

    private OwnedSlot owned() {
        return ownership.own(
                new SlotState(3, Map.of(REQUESTS, Frontier.at(17)), Map.of(), Map.of(), 0));
    }

    private void pass(long millis) {
        now.addAndGet(Duration.ofMillis(millis).toNanos());
    }

    /** A group that answers when it is told to. */
    private static final class Asked extends MockConsumer<byte[], byte[]> {

        private final Deque<OffsetCommitCallback> questions = new ArrayDeque<>();
        private final List<Map<TopicPartition, OffsetAndMetadata>> offsets = new ArrayList<>();
        private boolean refuses;

        Asked() {
            super("earliest");
        }

        @Override
        public synchronized void commitAsync(
                Map<TopicPartition, OffsetAndMetadata> committed, OffsetCommitCallback callback) {
            offsets.add(committed);
            questions.add(callback);
        }

        @Override
        public synchronized void commitSync(
                Map<TopicPartition, OffsetAndMetadata> committed, Duration timeout) {
            if (refuses) {
                throw new CommitFailedException("not a member");
            }
        }

        void answer(@Nullable Exception refusal) {
            questions.remove().onComplete(Map.of(), refusal);
        }
    }
}
