package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.kafka.Bound;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** What the simulation and tests of other rooms need of this room's inside. */
public final class SettlementSeam {

    private SettlementSeam() {}

    /** Returns whether somebody is in a transaction. */
    public static boolean inTransaction(Ownership ownership) {
        return ownership.transaction().isLocked();
    }

    /** Settles one offset in memory, as it follows the log. */
    public static void settle(Source source, long offset) {
        source.settled(List.of(offset));
    }

    /** Returns a lease that does not end. */
    public static Lease endlessLease() {
        return Lease.endless();
    }

    /** Returns the real writer: takes a batch, returns what is to be tried again. */
    public static UnaryOperator<List<Settlement>> writer(
            Ownership ownership,
            Codecs codecs,
            Slots slots,
            Supplier<Bound<Producer<byte[], byte[]>>> producers,
            SlotStates ledger,
            Consumer<Settlement> lost) {
        SlotWriter writer =
                new SlotWriter(
                        ownership,
                        new Envelope(codecs, slots),
                        producers,
                        ledger,
                        NoMeters.NONE,
                        lost);
        return writer::write;
    }

    /** Returns the state that the real folding finds in what is read. */
    public static SlotState fold(
            int slot,
            Codecs codecs,
            Supplier<Map<String, byte[]>> ledger,
            LongFunction<SortedMap<Long, byte[]>> attempts) {
        SlotHistory history = new SlotHistory(slot);
        ledger.get().forEach((key, value) -> history.add(key, codecs.slotLedger().decode(value)));
        SortedMap<Long, byte[]> journal = attempts.apply(history.attemptsFrom());
        history.attemptsEndAt(journal.isEmpty() ? history.attemptsFrom() : journal.lastKey() + 1);
        journal.forEach((offset, value) -> history.add(offset, codecs.attempts().decode(value)));
        return history.state();
    }

    /** Returns the record that a settlement moves to a retry topic, if it does. */
    public static Optional<ProducerRecord<byte[], byte[]>> moved(
            Settlement settlement, Codecs codecs, Slots slots) {
        return settlement.ending() instanceof Settlement.Ending.Moved
                ? Optional.of(new Envelope(codecs, slots).recordsOf(settlement).getFirst())
                : Optional.empty();
    }

    /** Returns the settlement of the same record which publishes nothing. */
    public static Settlement withNothing(Settlement settlement) {
        return settlement.with(new Settlement.Ending.LaneKnown());
    }

    /** Returns the settlement, and if it moves a job, without what was counted of its attempts. */
    public static Settlement withoutAttempts(Settlement settlement) {
        if (settlement.ending() instanceof Settlement.Ending.Moved moved) {
            Submit counted = moved.record().getSubmit();
            Submit bare = Submit.newBuilder(counted).setAttempts(0).build();
            return settlement.with(
                    new Settlement.Ending.Moved(
                            moved.topic(),
                            SlotRecord.newBuilder().setSubmit(bare).build(),
                            moved.traceparent(),
                            moved.waste()));
        }
        return settlement;
    }

    private enum NoMeters implements SettlementMeters {
        NONE;

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
