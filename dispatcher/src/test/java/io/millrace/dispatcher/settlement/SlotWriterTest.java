package io.millrace.dispatcher.settlement;

import static io.millrace.dispatcher.Samples.HOME;
import static io.millrace.dispatcher.Samples.REQUESTS;
import static io.millrace.dispatcher.Samples.SLOTS;
import static io.millrace.dispatcher.Samples.requests;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.servicekit.kafka.Bound;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The order of things around a transaction; what the broker makes of it is for a real one. */
@SuppressWarnings("removal") // what only a consumer is to make, made without one
class SlotWriterTest {

    private final Ownership ownership = new Ownership();
    private final OwnedSlot slot = ownership.own(Samples.state());
    private final List<MockProducer<byte[], byte[]>> made = new ArrayList<>();
    private final Counts meters = new Counts();
    private final List<Settlement> lost = new ArrayList<>();
    private Frontier inTheLog = Frontier.at(0);
    private final SlotWriter writer =
            new SlotWriter(
                    ownership,
                    new Envelope(Samples.codecs(), SLOTS),
                    this::producer,
                    _ -> List.of(state()),
                    meters,
                    lost::add);

    @Test
    void nothingIsWrittenBeforeTheGroupHasGivenAGeneration() {
        // Given
        Settlement settlement = settlement(0);
        ownership.confirm(new ConsumerGroupMetadata("g"));

        // When // Then
        assertThat(writer.write(List.of(settlement))).containsExactly(settlement);
        assertThat(made).isEmpty();
    }

    @Test
    void committedGroupIsAppliedAndNothingIsLeft() {
        // Given
        confirm();

        // When
        List<Settlement> left = writer.write(List.of(settlement(0), settlement(1)));

        // Then
        assertThat(left).isEmpty();
        assertThat(made.getFirst().commitCount()).isEqualTo(1);
        assertThat(results(made.getFirst())).isEqualTo(2);
        assertThat(requests(slot).frontier().lowestOpen()).isEqualTo(2);
        assertThat(meters.committed).isEqualTo(2);
    }

    @Test
    void settlementOfALostSlotIsVoid() {
        // Given
        confirm();
        Settlement settlement = settlement(0);
        ownership.disown(List.of(HOME));

        // When // Then
        assertThat(writer.write(List.of(settlement))).isEmpty();
        assertThat(made).isEmpty();
        assertThat(meters.dropped).isEqualTo(1);
        assertThat(lost).containsExactly(settlement);
    }

    @Test
    void settlementFromBeforeALossIsVoidThoughTheSlotCameBack() {
        // Given
        confirm();
        Settlement old = settlement(0);
        ownership.disown(List.of(HOME));
        ownership.own(Samples.state());

        // When // Then
        assertThat(writer.write(List.of(old))).isEmpty();
        assertThat(meters.dropped).isEqualTo(1);
    }

    @Test
    void recordThatIsSettledTwiceHasOneResult() {
        // Given
        confirm();

        // When
        writer.write(List.of(settlement(0), settlement(0)));
        writer.write(List.of(settlement(0)));

        // Then
        assertThat(results(made.getFirst())).isEqualTo(1);
    }

    @Test
    void transactionThatFailedForCertainIsTriedAgainByTheSameProducer() {
        // Given
        confirm();
        writer.write(List.of(settlement(0)));
        MockProducer<byte[], byte[]> producer = made.getFirst();
        producer.commitTransactionException = new KafkaException("no");
        Settlement settlement = settlement(1);

        // When
        List<Settlement> left = writer.write(List.of(settlement));

        // Then
        assertThat(left).containsExactly(settlement);
        assertThat(requests(slot).frontier().lowestOpen()).isEqualTo(1);
        assertThat(meters.failed).isEqualTo(1);
        producer.commitTransactionException = null;
        assertThat(writer.write(left)).isEmpty();
        assertThat(made).hasSize(1);
        assertThat(requests(slot).frontier().lowestOpen()).isEqualTo(2);
    }

    @Test
    void expulsionAndFencingAreCounted() {
        // Given
        confirm();
        writer.write(List.of(settlement(0)));
        MockProducer<byte[], byte[]> producer = made.getFirst();

        // When
        producer.sendOffsetsToTransactionException = new CommitFailedException("expelled");
        List<Settlement> left = writer.write(List.of(settlement(1)));
        producer.sendOffsetsToTransactionException = null;
        producer.commitTransactionException = new ProducerFencedException("fenced");
        producer.abortTransactionException = new ProducerFencedException("fenced");
        writer.write(left);

        // Then
        assertThat(meters.fences).containsExactly("expelled", "fenced");
    }

    @Test
    void commitOfUnknownOutcomeThatTheLogHasIsNotWrittenAgain() {
        // Given
        Settlement settlement = unknown();
        inTheLog = Frontier.at(0).settle(List.of(0L));
        confirm();

        // When
        List<Settlement> left = writer.write(List.of(settlement));

        // Then
        assertThat(left).isEmpty();
        assertThat(made).hasSize(2);
        assertThat(made.getLast().history()).isEmpty();
        assertThat(requests(slot).frontier().lowestOpen()).isEqualTo(1);
        assertThat(
                        slot.spend(Spender.tenant(new io.millrace.schemas.id.TenantId("acme")))
                                .getJobs())
                .isEqualTo(1);
    }

    @Test
    void commitOfUnknownOutcomeThatTheLogHasNotIsWrittenAgain() {
        // Given
        Settlement settlement = unknown();
        confirm();

        // When
        List<Settlement> left = writer.write(List.of(settlement));

        // Then
        assertThat(left).isEmpty();
        assertThat(results(made.getLast())).isEqualTo(1);
        assertThat(requests(slot).frontier().lowestOpen()).isEqualTo(1);
    }

    @Test
    void newProducerWaitsForAPollThatConfirmsWhatIsOwned() {
        // Given
        Settlement settlement = unknown();

        // When // Then
        assertThat(writer.write(List.of(settlement))).containsExactly(settlement);
        assertThat(made).hasSize(1);
    }

    private Settlement unknown() {
        confirm();
        writer.write(List.of());
        Settlement settlement = settlement(0);
        broken = new TimeoutException("who knows");
        assertThat(writer.write(List.of(settlement))).containsExactly(settlement);
        assertThat(requests(slot).frontier().lowestOpen()).isZero();
        broken = null;
        return settlement;
    }

    private void confirm() {
        ownership.confirm(new ConsumerGroupMetadata("g", 1, "member", Optional.empty()));
    }

    private Settlement settlement(int offset) {
        return new Settlement(
                slot, requests(slot), offset, List.of(), Terminals.of(offset, "acme", 1));
    }

    private SlotState state() {
        return new SlotState(HOME, Map.of(REQUESTS, inTheLog), Map.of(), Map.of(), 0);
    }

    private @Nullable RuntimeException broken;

    private Bound<Producer<byte[], byte[]>> producer() {
        MockProducer<byte[], byte[]> producer =
                new MockProducer<>(
                        true, null, new ByteArraySerializer(), new ByteArraySerializer());
        producer.commitTransactionException = broken;
        made.add(producer);
        return new Bound<>(producer, () -> {});
    }

    private static long results(MockProducer<byte[], byte[]> producer) {
        return producer.history().stream().filter(each -> each.topic().equals("results")).count();
    }

    private static final class Counts implements SettlementMeters {

        private int committed;
        private int failed;
        private int dropped;
        private final List<String> fences = new ArrayList<>();

        @Override
        public void committed(int settlements, long nanos) {
            committed += settlements;
        }

        @Override
        public void failed() {
            failed++;
        }

        @Override
        public void fenced(String whom) {
            fences.add(whom);
        }

        @Override
        public void dropped(int settlements) {
            dropped += settlements;
        }
    }
}
