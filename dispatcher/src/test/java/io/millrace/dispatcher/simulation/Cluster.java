package io.millrace.dispatcher.simulation;

import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;

/** The played log: partitions with transactions, markers, last stable offsets and fencing. */
final class Cluster {

    private static final long TRANSACTION_TIMEOUT = Duration.ofSeconds(10).toNanos();

    /** What became of a transaction. */
    enum State {
        OPEN,
        COMMITTED,
        ABORTED
    }

    /** A transaction of a producer. */
    static final class Transaction {

        private final String id;
        private final long begun;
        private final List<ProducerRecord<byte[], byte[]>> records;
        private State state = State.OPEN;

        Transaction(String id, long begun, List<ProducerRecord<byte[], byte[]>> records) {
            this.id = id;
            this.begun = begun;
            this.records = records;
        }

        State state() {
            return state;
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Entry(
            byte[] key, byte[] value, Optional<Transaction> transaction, boolean marker) {

        boolean isOpen() {
            return transaction.filter(each -> each.state == State.OPEN).isPresent();
        }

        boolean isVisible() {
            return !marker && transaction.map(each -> each.state == State.COMMITTED).orElse(true);
        }
    }

    private final Kernel kernel;
    private final Consumer<List<ProducerRecord<byte[], byte[]>>> committed;
    private final Map<String, List<Entry>> partitions = new TreeMap<>();
    private final Map<String, Long> epochs = new TreeMap<>();
    private final Map<String, Transaction> open = new TreeMap<>();

    Cluster(Kernel kernel, Consumer<List<ProducerRecord<byte[], byte[]>>> committed) {
        this.kernel = kernel;
        this.committed = committed;
    }

    long append(Topic topic, int partition, byte[] key, byte[] value) {
        List<Entry> log = log(topic.topicName(), partition);
        log.add(new Entry(key, value, Optional.empty(), false));
        return log.size() - 1L;
    }

    void append(ProducerRecord<byte[], byte[]> each) {
        log(each.topic(), each.partition())
                .add(new Entry(each.key(), each.value(), Optional.empty(), false));
    }

    long end(TopicPartition partition) {
        return log(partition.topic(), partition.partition()).size();
    }

    long lastStable(TopicPartition partition) {
        List<Entry> log = log(partition.topic(), partition.partition());
        for (int i = 0; i < log.size(); i++) {
            if (log.get(i).isOpen()) {
                return i;
            }
        }
        return log.size();
    }

    /** Returns what a reader of committed records gets from an offset on, at most so many. */
    List<ConsumerRecord<byte[], byte[]>> read(TopicPartition partition, long from, int most) {
        List<Entry> log = log(partition.topic(), partition.partition());
        long stable = lastStable(partition);
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (long i = from; i < stable && records.size() < most; i++) {
            Entry entry = log.get((int) i);
            if (entry.isVisible()) {
                records.add(
                        new ConsumerRecord<>(
                                partition.topic(),
                                partition.partition(),
                                i,
                                entry.key,
                                entry.value));
            }
        }
        return records;
    }

    /** Gives a producer its epoch; what the one before it had open is aborted. */
    long initialise(String id) {
        abortOpen(id);
        return epochs.merge(id, 1L, Long::sum);
    }

    void fence(String id) {
        kernel.trace("cluster fences " + id);
        var _ = initialise(id);
    }

    List<String> ongoing() {
        return List.copyOf(open.keySet());
    }

    Transaction begin(String id, long epoch, List<ProducerRecord<byte[], byte[]>> records) {
        check(id, epoch);
        Transaction transaction = new Transaction(id, kernel.nanos(), records);
        open.put(id, transaction);
        for (ProducerRecord<byte[], byte[]> each : records) {
            log(each.topic(), each.partition())
                    .add(new Entry(each.key(), each.value(), Optional.of(transaction), false));
        }
        return transaction;
    }

    void commit(Transaction transaction, long epoch) {
        check(transaction.id, epoch);
        if (transaction.state == State.OPEN) {
            end(transaction, State.COMMITTED);
            committed.accept(transaction.records);
        }
    }

    void abort(String id, long epoch) {
        check(id, epoch);
        abortOpen(id);
    }

    void timeOut() {
        for (Transaction each : List.copyOf(open.values())) {
            if (kernel.nanos() - each.begun > TRANSACTION_TIMEOUT) {
                kernel.trace("cluster ends a transaction of " + each.id);
                var _ = initialise(each.id);
            }
        }
    }

    private void abortOpen(String id) {
        Transaction transaction = open.get(id);
        if (transaction != null) {
            end(transaction, State.ABORTED);
        }
    }

    private void end(Transaction transaction, State state) {
        transaction.state = state;
        open.remove(transaction.id);
        transaction.records.stream()
                .map(each -> new TopicPartition(each.topic(), each.partition()))
                .distinct()
                .forEach(each ->
                        log(each.topic(), each.partition())
                                .add(new Entry(new byte[0], new byte[0], Optional.empty(), true)));
    }

    private void check(String id, long epoch) {
        if (epochs.getOrDefault(id, 0L) != epoch) {
            throw new ProducerFencedException(id + " is fenced");
        }
    }

    private List<Entry> log(String topic, int partition) {
        return partitions.computeIfAbsent(topic + "-" + partition, _ -> new ArrayList<>());
    }
}
