package io.millrace.dispatcher.settlement;

import io.millrace.schemas.serde.RegistryUnavailableException;
import io.millrace.servicekit.kafka.Bound;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes groups of settlements, each in one Kafka transaction that also commits the group offsets
 * of the slots it names.
 *
 * <p>Memory follows the log: a transaction that is known to have failed leaves nothing and is tried
 * again; when nobody knows, the producer is made anew, which ends what was open one way or the
 * other, and the ledger is asked. A new producer is made only after a poll has confirmed what this
 * process owns. One thread uses it.
 */
final class SlotWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SlotWriter.class);

    private final Ownership ownership;
    private final Envelope envelope;
    private final OwnProducer producer;
    private final SlotStates ledger;
    private final SettlementMeters meters;
    private final Consumer<Settlement> lost;
    private Collection<Settlement> unclear = List.of();
    private boolean impossible;

    /**
     * Makes a writer.
     *
     * @param producers makes a transactional producer, not initialised yet
     * @param ledger reads back what the log has, when a commit's outcome is unknown
     * @param lost takes the settlements of slots that are lost; returns at once
     */
    SlotWriter(
            Ownership ownership,
            Envelope envelope,
            Supplier<Bound<Producer<byte[], byte[]>>> producers,
            SlotStates ledger,
            SettlementMeters meters,
            Consumer<Settlement> lost) {
        this.ownership = ownership;
        this.envelope = envelope;
        this.producer = new OwnProducer(ownership, producers);
        this.ledger = ledger;
        this.meters = meters;
        this.lost = lost;
    }

    /**
     * Writes what is still ours; returns what is to be tried again. What is lost is handed over.
     */
    List<Settlement> write(List<Settlement> batch) {
        List<Settlement> dropped = new ArrayList<>();
        impossible = false;
        // not under the lock either: making a producer and asking the log take their time
        boolean ready =
                batch.stream().anyMatch(each -> each.slot().isOwned())
                        && ownership.membership().isPresent()
                        && producer.isReady(this::learnWhatIsUnclear);
        try {
            return writeOwned(batch, dropped, ready);
        } finally {
            // not under the lock: a rebalance must not wait for it
            meters.dropped(dropped.size());
            dropped.forEach(lost);
        }
    }

    private List<Settlement> writeOwned(
            List<Settlement> batch, List<Settlement> dropped, boolean ready) {
        ownership.transaction().lock();
        try {
            List<Settlement> owned = new ArrayList<>();
            batch.forEach(each -> (each.slot().isOwned() ? owned : dropped).add(each));
            if (owned.isEmpty()) {
                return List.of();
            }
            // (-1, "") would be accepted from anyone: never commit with it
            Optional<ConsumerGroupMetadata> membership = ownership.membership();
            if (membership.isEmpty() || !ready) {
                return owned;
            }
            List<Settlement> open = firstOfEach(owned);
            return open.isEmpty() ? List.of() : commit(open, membership.get());
        } finally {
            ownership.transaction().unlock();
        }
    }

    private List<Settlement> commit(List<Settlement> open, ConsumerGroupMetadata membership) {
        Group group;
        List<ProducerRecord<byte[], byte[]>> records;
        try {
            group = new Group(open);
            records = group.records(envelope);
        } catch (RegistryUnavailableException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("settlements cannot be made into records");
            impossible = true;
            return open;
        }
        Producer<byte[], byte[]> current = producer.client();
        long start = System.nanoTime();
        try {
            current.beginTransaction();
            for (ProducerRecord<byte[], byte[]> each : records) {
                var _ = current.send(each); // what goes wrong with it, the commit throws
            }
            current.sendOffsetsToTransaction(group.groupOffsets(), membership);
            current.commitTransaction();
        } catch (TimeoutException | InterruptException e) {
            LOG.atWarn().setCause(e).log("outcome of a transaction is unknown");
            unclear = group.settlements();
            producer.discard();
            return group.settlements();
        } catch (KafkaException e) {
            meters.failed();
            impossible = isImpossible(e);
            abort(current, e);
            return group.settlements();
        } catch (RuntimeException e) {
            // the producer is in a state that it does not expect itself to be in
            LOG.atError().setCause(e).log("producer cannot go on and is made anew");
            meters.failed();
            unclear = group.settlements();
            producer.discard();
            return group.settlements();
        }
        group.applied();
        meters.committed(group.settlements().size(), System.nanoTime() - start);
        return List.of();
    }

    /** Returns whether the last write failed in a way that no repetition cures. */
    boolean wasImpossible() {
        return impossible;
    }

    private static boolean isImpossible(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof RecordTooLargeException
                    || each instanceof SerializationException
                    || each instanceof InvalidRecordException) {
                return true;
            }
        }
        return false;
    }

    private void abort(Producer<byte[], byte[]> current, KafkaException failure) {
        LOG.atWarn().setCause(failure).log("transaction failed and is tried again");
        if (failure instanceof CommitFailedException) {
            meters.fenced("expelled");
        }
        try {
            current.abortTransaction();
        } catch (KafkaException fenced) {
            LOG.atWarn().setCause(fenced).log("producer is fenced and made anew");
            meters.fenced("fenced");
            producer.discard();
        }
    }

    /**
     * Returns the first settlement of each record that is not settled. Those that are were unclear
     * after a lost producer, and the ledger has since shown them to be written.
     */
    private static List<Settlement> firstOfEach(List<Settlement> owned) {
        Set<Map.Entry<Source, Long>> seen = new HashSet<>();
        return owned.stream()
                .filter(each -> !each.source().frontier().isSettled(each.offset()))
                .filter(each -> seen.add(Map.entry(each.source(), each.offset())))
                .toList();
    }

    private void learnWhatIsUnclear() {
        if (!unclear.isEmpty()) {
            learn(unclear);
            unclear = List.of();
        }
    }

    /** Reads from the log which of the settlements it has, and lets memory follow. */
    private void learn(Collection<Settlement> settlements) {
        List<Integer> slots =
                settlements.stream().map(each -> each.slot().number()).distinct().toList();
        for (SlotState state : ledger.read(slots)) {
            List<Settlement> written =
                    settlements.stream()
                            .filter(each -> each.slot().number() == state.slot())
                            .filter(each ->
                                    state.frontiers().containsKey(each.source().partition())
                                            && state.frontiers()
                                                    .get(each.source().partition())
                                                    .isSettled(each.offset()))
                            .toList();
            new Group(written).applied();
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
