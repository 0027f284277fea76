package io.millrace.standalone.bench;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** What the same broker does alone: one hop, records of 1 KiB, acknowledged by all replicas. */
final class Floor implements AutoCloseable {

    private static final String TOPIC = "bench-floor";
    private static final int RECORD_BYTES = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final String bootstrapServers;
    private final KafkaProducer<byte[], byte[]> producer;

    private Floor(String bootstrapServers) {
        this.bootstrapServers = bootstrapServers;
        this.producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "acks",
                                "all",
                                "enable.idempotence",
                                true,
                                "linger.ms",
                                0),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    static Floor on(String bootstrapServers) throws InterruptedException {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(
                                            TOPIC,
                                            Optional.of(BenchConfig.SLOTS),
                                            Optional.of((short) 1))))
                    .all()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("cannot make topic " + TOPIC, e);
        }
        return new Floor(bootstrapServers);
    }

    /** Returns acknowledged records a second with so many senders, each waiting for its own. */
    double accepting(int senders, Duration time) throws InterruptedException {
        return ClosedLoop.lasting(senders, time, this::hop).rate();
    }

    /** Returns the time from sending to reading at a steady rate. */
    Latencies latency(int rate, Duration time) throws InterruptedException {
        int records = Math.toIntExact(rate * time.toMillis() / 1000);
        List<Duration> hops = new ArrayList<>();
        try (TopicTail tail = new TopicTail(bootstrapServers, TOPIC)) {
            CompletableFuture<Void> reading =
                    CompletableFuture.runAsync(
                            () ->
                                    tail.await(
                                            records,
                                            PATIENCE.plus(time),
                                            record -> {
                                                long sent =
                                                        ByteBuffer.wrap(record.value()).getLong();
                                                hops.add(
                                                        Duration.ofNanos(System.nanoTime() - sent));
                                            }),
                            task -> Thread.ofPlatform().name("floor-reader").start(task));
            OpenLoop.run(
                    rate,
                    time,
                    n -> {
                        hop(n);
                        return n;
                    });
            reading.join();
        }
        return new Latencies(hops);
    }

    /** Returns records a second from the first one's sending to the last one's reading. */
    double endToEnd(int senders, int records) throws InterruptedException {
        try (TopicTail tail = new TopicTail(bootstrapServers, TOPIC)) {
            long began = System.nanoTime();
            ClosedLoop.of(senders, records, this::hop);
            tail.await(records, PATIENCE, _ -> {});
            return records / ((System.nanoTime() - began) / 1e9);
        }
    }

    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }

    private void hop(int n) throws InterruptedException {
        byte[] value = ByteBuffer.allocate(RECORD_BYTES).putLong(System.nanoTime()).array();
        try {
            producer.send(new ProducerRecord<>(TOPIC, n % BenchConfig.SLOTS, null, value))
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new BenchException("a record was not acknowledged", e);
        }
    }
}
