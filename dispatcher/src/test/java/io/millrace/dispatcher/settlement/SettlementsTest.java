package io.millrace.dispatcher.settlement;

import static io.millrace.dispatcher.Samples.SLOTS;
import static io.millrace.dispatcher.Samples.requests;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.Samples;
import io.millrace.schemas.avro.Cancel;
import io.millrace.servicekit.admin.Health.State;
import io.millrace.servicekit.kafka.Bound;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

@SuppressWarnings("removal") // what only a consumer is to make, made without one
class SettlementsTest {

    private final Ownership ownership = new Ownership();
    private final OwnedSlot slot = ownership.own(Samples.state());
    private final Settlements settlements =
            Settlements.start(
                    ownership,
                    Samples.codecs(),
                    SLOTS,
                    _ -> false,
                    () ->
                            new Bound<>(
                                    new MockProducer<>(
                                            true,
                                            null,
                                            new ByteArraySerializer(),
                                            new ByteArraySerializer()),
                                    () -> {}),
                    _ -> List.of(),
                    new NoMeters(),
                    _ -> {},
                    () -> Samples.NOON);

    @Test
    void everySettlementIsWritten() {
        // Given
        confirm();

        // When
        for (int offset = 0; offset < 2_000; offset++) {
            settle(offset, "acme", 1);
        }

        // Then
        await(() -> settlements.unsettled() == 0);
        assertThat(requests(slot).frontier().lowestOpen()).isEqualTo(2_000);
        settlements.close();
    }

    @Test
    void settlementsWaitUntilTheGroupHasGivenAGeneration() {
        // Given
        settle(0, "acme", 1);
        assertThat(settlements.unsettled()).isEqualTo(1);

        // When
        confirm();

        // Then
        await(() -> settlements.unsettled() == 0);
        settlements.close();
    }

    @Test
    void oneThatCanNeverBeWrittenHoldsUpNoOtherAndEndsItsJobPlainly() {
        // Given
        confirm();
        settle(0, "rich", Long.MAX_VALUE);
        await(() -> settlements.unsettled() == 0);

        // When
        settle(1, "rich", Long.MAX_VALUE); // the tenant's sum overflows
        for (int offset = 2; offset < 300; offset++) {
            settle(offset, "acme", 1);
        }

        // Then
        await(() -> settlements.unsettled() == 0);
        assertThat(requests(slot).frontier()).isEqualTo(Frontier.at(300));
        assertThat(settlements.state()).isEqualTo(new State.Ready());
        settlements.close();
    }

    @Test
    void oneForWhichThereIsNoPlainerEndIsPutAsideAndTold() {
        // Given
        confirm();

        // When: a record without the fields that its schema demands
        settlements.settle(
                new Settlement(
                        slot,
                        requests(slot),
                        0,
                        List.of(),
                        new Settlement.Ending.CancelKnown(new Cancel())));
        settle(1, "acme", 1);

        // Then
        await(() -> settlements.unsettled() == 0);
        assertThat(requests(slot).frontier()).isEqualTo(Frontier.at(0).settleRange(1, 1));
        assertThat(settlements.state()).isInstanceOf(State.Broken.class);
        settlements.close();
    }

    private void settle(int offset, String tenant, long cost) {
        settlements.settle(
                new Settlement(
                        slot,
                        requests(slot),
                        offset,
                        List.of(),
                        Terminals.of(offset, tenant, cost)));
    }

    private void confirm() {
        ownership.confirm(new ConsumerGroupMetadata("g", 1, "member", Optional.empty()));
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).isLessThan(end);
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static final class NoMeters implements SettlementMeters {

        @Override
        public void committed(int settlements, long nanos) {}

        @Override
        public void failed() {}

        @Override
        public void fenced(String whom) {}

        @Override
        public void dropped(int settlements) {}
    }
}
