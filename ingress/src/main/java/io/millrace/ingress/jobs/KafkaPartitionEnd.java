package io.millrace.ingress.jobs;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks Kafka for the end of a partition.
 *
 * <p>The end offset alone does not tell: behind the last record there may be markers of
 * transactions, which the view never sees. So what lies between is read. Thread-safe: one at a
 * time.
 */
final class KafkaPartitionEnd implements PartitionEnd, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(3);
    private static final Duration POLL = Duration.ofMillis(50);

    private final Bound<Consumer<byte[], byte[]>> consumer;
    private final Bound<Consumer<byte[], byte[]>> uncommitted;
    private final ReentrantLock turn = new ReentrantLock(true);

    /**
     * Reads with a client of its own.
     *
     * @param group of the view, whose committed offsets tell where a partition was taken over
     */
    KafkaPartitionEnd(KafkaClients clients, String clientId, String group) {
        this.consumer =
                clients.consumer(
                        clientId + "-end",
                        Map.of(
                                "group.id",
                                group,
                                "default.api.timeout.ms",
                                3000,
                                // the next question would wait for the long poll of the last one
                                "fetch.max.wait.ms",
                                1));
        this.uncommitted =
                clients.consumer(
                        clientId + "-high-end",
                        Map.of(
                                "isolation.level",
                                "read_uncommitted",
                                "default.api.timeout.ms",
                                3000));
    }

    @Override
    public long lastBehind(Held held, Topic topic) {
        try {
            if (!turn.tryLock(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw unavailable();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable();
        }
        try {
            return read(held, topic);
        } catch (KafkaException e) {
            throw new UnavailableException(
                    "Kafka did not tell the end of a partition in time.", Duration.ofSeconds(1), e);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        turn.lock();
        try {
            consumer.close();
            uncommitted.close();
        } finally {
            turn.unlock();
        }
    }

    private long read(Held held, Topic topic) {
        Consumer<byte[], byte[]> client = consumer.client();
        TopicPartition at = new TopicPartition(topic.topicName(), held.partition().number());
        long from = held.applied(topic).orElseGet(() -> takenOverAt(client, at)) + 1;
        // A job that was acknowledged may lie behind somebody's open transaction, which is waited
        // for. Results are written by transactions alone.
        Consumer<byte[], byte[]> teller = topic == Topic.JOBS ? uncommitted.client() : client;
        Long end = teller.endOffsets(List.of(at)).get(at);
        if (end == null || from >= end) {
            return NOTHING;
        }
        client.assign(List.of(at));
        client.seek(at, from);
        long last = NOTHING;
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (client.position(at) < end) {
            for (ConsumerRecord<byte[], byte[]> record : client.poll(POLL)) {
                last = record.offset();
            }
            if (System.nanoTime() > giveUp) {
                throw unavailable();
            }
        }
        if (last == NOTHING) {
            // only markers: the next question need not read them again
            held.applied(topic, end - 1);
        }
        return last;
    }

    // What lies below the committed offset was restored before the partition was held.
    private static long takenOverAt(Consumer<byte[], byte[]> client, TopicPartition at) {
        OffsetAndMetadata committed = client.committed(Set.of(at)).get(at);
        if (committed != null) {
            return committed.offset() - 1;
        }
        Long beginning = client.beginningOffsets(List.of(at)).get(at);
        return beginning == null ? -1 : beginning - 1;
    }

    private static UnavailableException unavailable() {
        return new UnavailableException(
                "Kafka did not tell the end of a partition in time.", Duration.ofSeconds(1));
    }
}
