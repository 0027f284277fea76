package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.execution.Execution;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.SlotStates;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;

/**
 * The real intake of slots and of lanes, step by step.
 *
 * @param slots polls the slots once
 * @param listener takes slots over and gives them up
 * @param lanes polls the lanes once; false when there are none
 */
public record IntakeSeam(
        Runnable slots, ConsumerRebalanceListener listener, BooleanSupplier lanes) {

    /** The transactional producers of the cluster. */
    public interface Transactions {

        /** Returns the ids with an open transaction. */
        List<String> ongoing();

        /** Returns the ids of the group's members. */
        Set<String> alive();

        /** Fences the ids. */
        void fence(Collection<String> ids);
    }

    /** Makes the intake of one process. */
    public static IntakeSeam of(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> slotsConsumer,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> lanesConsumer,
            Transactions transactions,
            String transactionalId,
            Ownership ownership,
            SlotStates ledger,
            Codecs codecs,
            Slots slots,
            Execution execution,
            Consumer<Settlement> settlements,
            InstantSource clock) {
        Reception reception =
                new Reception(
                        new RecordReader(codecs.slotRecords(), slots),
                        new LookAhead(_ -> true),
                        execution::accept,
                        execution::cancel,
                        settlements,
                        clock);
        Producers producers =
                new Producers() {
                    @Override
                    public List<String> ongoing() {
                        return transactions.ongoing();
                    }

                    @Override
                    public Set<String> alive() {
                        return transactions.alive();
                    }

                    @Override
                    public void fence(Collection<String> ids) {
                        transactions.fence(ids);
                    }
                };
        Backpressure backpressure = new Backpressure(64, 1 << 20);
        SlotsIntake slotsIntake =
                new SlotsIntake(
                        slotsConsumer,
                        ownership,
                        new Takeover(producers, transactionalId, ledger),
                        reception,
                        execution.adoptions(),
                        backpressure);
        LanesIntake lanesIntake =
                new LanesIntake(lanesConsumer, ownership, reception, backpressure);
        return new IntakeSeam(slotsIntake::step, slotsIntake, lanesIntake::step);
    }
}
