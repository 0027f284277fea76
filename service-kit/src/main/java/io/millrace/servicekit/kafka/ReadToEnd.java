package io.millrace.servicekit.kafka;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Reads partitions from given offsets to what was their end when reading began. */
public final class ReadToEnd {

    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration SETTLE_LIMIT = Duration.ofSeconds(30);
    private static final long SETTLE_PAUSE_NANOS = Duration.ofMillis(5).toNanos();

    private ReadToEnd() {}

    /** What is done with each record. */
    @FunctionalInterface
    public interface Handler {

        /** Takes one record; those of a partition come in order. */
        void accept(ConsumerRecord<byte[], byte[]> kafkaRecord);
    }

    /**
     * Returns the end of each partition after every transaction that was open or being ended in it
     * is over: then nothing committed lies behind it.
     *
     * @throws KafkaException when one is still open after 30 seconds
     */
    public static Map<TopicPartition, Long> settledEnds(
            Admin admin, Collection<TopicPartition> partitions) {
        long giveUp = System.nanoTime() + SETTLE_LIMIT.toNanos();
        while (true) {
            Map<TopicPartition, Long> all =
                    ends(admin, partitions, IsolationLevel.READ_UNCOMMITTED);
            if (ends(admin, partitions, IsolationLevel.READ_COMMITTED).equals(all)) {
                return all;
            }
            if (System.nanoTime() > giveUp) {
                throw new KafkaException("a transaction stays open in one of " + partitions);
            }
            LockSupport.parkNanos(SETTLE_PAUSE_NANOS);
        }
    }

    /**
     * Reads each partition from its beginning offset up to its end offset.
     *
     * @param consumer assigned to nothing else; it stays the caller's
     * @throws KafkaException when nothing comes for 30 seconds
     */
    public static void read(
            Consumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> beginnings,
            Map<TopicPartition, Long> ends,
            Handler handler) {
        consumer.assign(beginnings.keySet());
        beginnings.forEach(consumer::seek);
        Map<TopicPartition, Long> open = new HashMap<>(ends);
        long heard = System.nanoTime();
        while (true) {
            open.entrySet().removeIf(end -> consumer.position(end.getKey()) >= end.getValue());
            if (open.isEmpty()) {
                return;
            }
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            records.forEach(handler::accept);
            if (!records.isEmpty()) {
                heard = System.nanoTime();
            } else if (System.nanoTime() - heard > SETTLE_LIMIT.toNanos()) {
                throw new KafkaException("nothing comes any more of " + open.keySet());
            }
        }
    }

    private static Map<TopicPartition, Long> ends(
            Admin admin, Collection<TopicPartition> partitions, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, OffsetSpec.latest()));
        try {
            Map<TopicPartition, Long> ends = new HashMap<>();
            for (Map.Entry<TopicPartition, ListOffsetsResultInfo> end :
                    admin.listOffsets(wanted, new ListOffsetsOptions(isolation))
                            .all()
                            .get()
                            .entrySet()) {
                ends.put(end.getKey(), end.getValue().offset());
            }
            return ends;
        } catch (ExecutionException e) {
            throw new KafkaException("cannot ask for the ends of " + partitions, e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking for ends", e);
        }
    }
}
