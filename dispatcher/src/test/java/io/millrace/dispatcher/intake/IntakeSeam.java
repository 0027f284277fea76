package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.execution.Execution;
import io.millrace.dispatcher.settlement.Backlog;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.SlotStates;
import io.millrace.schemas.id.InboxJobIds;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;

/**
 * The real intake of slots and of lanes, step by step.
 *
 * @param slots polls the slots once
 * @param listener takes slots over and gives them up
 * @param lanes polls the lanes once; false when there are none
 * @param sweep looks once for what ends unread
 */
public record IntakeSeam(
        Runnable slots, ConsumerRebalanceListener listener, BooleanSupplier lanes, Runnable sweep) {

    /** The transactional producers of the cluster. */
    public interface Transactions {

        /** Returns the ids with an open transaction. */
        List<String> ongoing();

        /** Returns the ids of the group's members. */
        Set<String> alive();

        /** Fences the ids. */
        void fence(Collection<String> ids);
    }

    // so few and so soon that lanes spill, stop and are let go in a short run
    private static final int FEW = 3;
    private static final Backlog LANE_BOUND = new Backlog(2, 1 << 20);
    private static final Duration IDLE = Duration.ofSeconds(3);

    private static long nanos(InstantSource clock) {
        return TimeUnit.MILLISECONDS.toNanos(clock.millis());
    }

    /** Makes the intake of one process. */
    public static IntakeSeam of(
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> slotsConsumer,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> lanesConsumer,
            org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> sweepConsumer,
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
                        new InboxReader(codecs.inboxes(), new InboxJobIds(slots), clock),
                        new LookAhead(_ -> FEW, _ -> true),
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
        SlotsIntake slotsIntake =
                new SlotsIntake(
                        slotsConsumer,
                        ownership,
                        new Takeover(producers, transactionalId, ledger, _ -> {}),
                        reception,
                        execution.adoptions(),
                        new Backpressure(_ -> new Backlog(64, 1 << 20)));
        LanesIntake lanesIntake =
                new LanesIntake(
                        lanesConsumer,
                        ownership,
                        reception,
                        new Backpressure(_ -> LANE_BOUND),
                        new Refill(() -> nanos(clock)),
                        new IdleLanes(() -> nanos(clock), IDLE),
                        _ -> true,
                        () -> nanos(clock));
        LaneSweep sweep =
                new LaneSweep(sweepConsumer, ownership, reception, _ -> LANE_BOUND, clock);
        return new IntakeSeam(slotsIntake::step, slotsIntake, lanesIntake::step, sweep::round);
    }
}
