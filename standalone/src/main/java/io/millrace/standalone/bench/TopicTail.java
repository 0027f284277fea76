package io.millrace.standalone.bench;

import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads what is committed to a topic from its present end on. */
final class TopicTail implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaConsumer<byte[], byte[]> consumer;

    TopicTail(String bootstrapServers, String topic) {
        this.consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "isolation.level",
                                "read_committed",
                                "enable.auto.commit",
                                false,
                                "fetch.max.wait.ms",
                                50),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer());
        var partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    /** Reads until so many records have come. */
    void await(int count, Duration patience, Consumer<ConsumerRecord<byte[], byte[]>> seen) {
        long deadline = System.nanoTime() + patience.toNanos();
        int read = 0;
        while (read < count) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                seen.accept(record);
                read++;
            }
            if (System.nanoTime() > deadline) {
                throw new BenchException(
                        "%d of %d records came within %s".formatted(read, count, patience));
            }
        }
    }

    @Override
    public void close() {
        consumer.close();
    }
}
