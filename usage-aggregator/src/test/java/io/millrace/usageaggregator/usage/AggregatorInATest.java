package io.millrace.usageaggregator.usage;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.state.KeyValueStore;

/** The topology in a test driver: bills in, cells and dead letters out. */
final class AggregatorInATest implements AutoCloseable, IntakeObserver {

    static final Retention RETENTION = new Retention(Duration.ofDays(8), Duration.ofDays(400));

    final AtomicInteger counted = new AtomicInteger();
    final AtomicInteger deadLettered = new AtomicInteger();
    final AtomicInteger seenAgain = new AtomicInteger();
    private final Codecs codecs = Codecs.on(registry());
    private final TopologyTestDriver driver;
    private final TestInputTopic<byte[], byte[]> usage;

    AggregatorInATest(Instant now) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory().toString());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "test");
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        driver = new TopologyTestDriver(UsageTopology.of(codecs, RETENTION, this), settings, now);
        usage =
                driver.createInputTopic(
                        Topic.USAGE.topicName(),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    void send(UsageRecord bill) {
        send(codecs.usage().encode(bill));
    }

    void send(byte[] value) {
        usage.pipeInput("tenant".getBytes(StandardCharsets.UTF_8), value);
    }

    void pass(Duration time) {
        driver.advanceWallClockTime(time);
    }

    List<Cell> cells(Scope scope, Width width) {
        return cells(
                scope,
                new Span(width, Instant.EPOCH, width.floor(Instant.parse("2100-01-01T00:00:00Z"))));
    }

    List<Cell> cells(Scope scope, Span span) {
        KeyValueStore<Bytes, byte[]> store = driver.getKeyValueStore(UsageTopology.STORE);
        List<Cell> cells = new ArrayList<>();
        new CubeScan(store).cells(scope, span, cells::add);
        return cells;
    }

    List<DeadLetter> deadLetters() {
        return driver
                .createOutputTopic(
                        Topic.DEAD_LETTERS.topicName(),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())
                .readValuesToList()
                .stream()
                .map(codecs.deadLetters()::decode)
                .toList();
    }

    @Override
    public void counted(Duration delay) {
        counted.incrementAndGet();
    }

    @Override
    public void deadLettered() {
        deadLettered.incrementAndGet();
    }

    @Override
    public void seenAgain() {
        seenAgain.incrementAndGet();
    }

    @Override
    public void close() {
        driver.close();
    }

    // removed by the driver when it closes
    private static Path directory() {
        try {
            return Files.createTempDirectory("usage-aggregator");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static MockSchemaRegistryClient registry() {
        MockSchemaRegistryClient registry = new MockSchemaRegistryClient();
        Topic.subjects()
                .forEach((subject, schema) -> {
                    try {
                        registry.register(subject, new AvroSchema(schema));
                    } catch (Exception e) {
                        throw new IllegalStateException(subject, e);
                    }
                });
        return registry;
    }
}
