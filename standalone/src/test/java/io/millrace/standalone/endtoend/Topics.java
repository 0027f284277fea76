package io.millrace.standalone.endtoend;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Registry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Full reads of the topics, of what is committed. */
final class Topics {

    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration CREATED = Duration.ofMinutes(3);

    private final String bootstrapServers;
    private final Codecs codecs;

    Topics(String bootstrapServers, URI registry) {
        this.bootstrapServers = bootstrapServers;
        SchemaRegistryClient client = Registry.client(registry);
        this.codecs = Codecs.on(client);
    }

    /** All results, tombstones left out. */
    List<InferenceResult> results() {
        return read(Topic.RESULTS, codecs.results());
    }

    List<UsageRecord> usage() {
        return read(Topic.USAGE, codecs.usage());
    }

    List<WasteRecord> waste() {
        return read(Topic.WASTE, codecs.waste());
    }

    List<DeadLetter> deadLetters() {
        return read(Topic.DEAD_LETTERS, codecs.deadLetters());
    }

    /** All attempts that were journalled. */
    List<AttemptStarted> attempts() {
        return read(Topic.ATTEMPTS, codecs.attempts()).stream()
                .map(AttemptsRecord::getStarted)
                .filter(Objects::nonNull)
                .toList();
    }

    /** Writes the wish that a job or a batch ends to its tenant's slot. */
    void cancel(int slots, Cancel cancel) {
        SlotRecord wish = SlotRecord.newBuilder().setCancel(cancel).build();
        var _ =
                write(
                        Topic.REQUESTS.topicName(),
                        new Slots(slots).of(cancel.getTenant()),
                        cancel.getId().getBytes(StandardCharsets.UTF_8),
                        codecs.slotRecords().encode(wish));
    }

    /** Writes bytes to a partition and returns where they are. */
    RecordMetadata write(String topic, int partition, byte[] key, byte[] value) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            return producer.send(new ProducerRecord<>(topic, partition, key, value))
                    .get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("cannot write to " + topic, e);
        }
    }

    /** Deletes a topic with all that is in it. */
    void drop(Topic topic) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            admin.deleteTopics(List.of(topic.topicName())).all().get(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("cannot delete " + topic, e);
        }
    }

    /** Returns a record of {@code requests} and the lanes as its bytes. */
    byte[] encode(SlotRecord record) {
        return codecs.slotRecords().encode(record);
    }

    /** Opens a partition for many writes, which are acknowledged when it is closed. */
    Writer writer(String topic, int partition) {
        return new Writer(
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArraySerializer(),
                        new ByteArraySerializer()),
                topic,
                partition);
    }

    /**
     * Begins a transaction in all partitions of a topic and leaves it open, as a process that is
     * killed does; nothing of it is ever committed.
     */
    KafkaProducer<byte[], byte[]> leaveOpen(
            String transactionalId, Topic topic, int partitions, Duration timeout) {
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "transactional.id",
                                transactionalId,
                                "transaction.timeout.ms",
                                Math.toIntExact(timeout.toMillis())),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        producer.initTransactions();
        producer.beginTransaction();
        for (int partition = 0; partition < partitions; partition++) {
            byte[] bytes = {1};
            var _ = producer.send(new ProducerRecord<>(topic.topicName(), partition, bytes, bytes));
        }
        producer.flush();
        return producer;
    }

    /** Writes to one partition, in order. */
    record Writer(KafkaProducer<byte[], byte[]> producer, String topic, int partition)
            implements AutoCloseable {

        void write(byte[] value) {
            byte[] key = {};
            var _ = producer.send(new ProducerRecord<>(topic, partition, key, value));
        }

        @Override
        public void close() {
            producer.flush();
            producer.close();
        }
    }

    /** How many records of a partition lie at and behind what a group has committed. */
    long lag(String group, Topic topic, int number) {
        TopicPartition partition = new TopicPartition(topic.topicName(), number);
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            OffsetAndMetadata committed =
                    admin.listConsumerGroupOffsets(group)
                            .partitionsToOffsetAndMetadata()
                            .get(10, TimeUnit.SECONDS)
                            .get(partition);
            long end =
                    admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                            .partitionResult(partition)
                            .get(10, TimeUnit.SECONDS)
                            .offset();
            return end - (committed == null ? 0 : committed.offset());
        } catch (Exception e) {
            throw new AssertionError("the lag of " + group + " cannot be told", e);
        }
    }

    /** The end of a topic of one partition. */
    long end(String topic) {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            return end(consumer.endOffsets(List.of(partition)), partition);
        }
    }

    /** Whether anything was ever written to a topic. */
    boolean holds(Topic topic) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            return consumer.endOffsets(fromTheBeginning(consumer, topic)).values().stream()
                    .anyMatch(end -> end > 0);
        }
    }

    /** Hands over each result once it is committed, until told to stop. */
    void follow(Consumer<InferenceResult> reader, BooleanSupplier ended) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            Await.until(
                    "the topic of results",
                    CREATED,
                    () -> !fromTheBeginning(consumer, Topic.RESULTS).isEmpty());
            while (!ended.getAsBoolean()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.value() != null) {
                        reader.accept(codecs.results().decode(record.value()));
                    }
                }
            }
        }
    }

    private <T extends SpecificRecord> List<T> read(Topic topic, AvroCodec<T> codec) {
        List<T> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = fromTheBeginning(consumer, topic);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> consumer.position(p) < end(ends, p))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (record.value() != null) {
                        records.add(codec.decode(record.value()));
                    }
                }
            }
        }
        return records;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "isolation.level",
                        "read_committed",
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest",
                        "reconnect.backoff.ms",
                        200), // or each attempt while the broker is down is in the log
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private static List<TopicPartition> fromTheBeginning(
            KafkaConsumer<byte[], byte[]> consumer, Topic topic) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic.topicName()).stream()
                        .map(info -> new TopicPartition(info.topic(), info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        return partitions;
    }

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        return Objects.requireNonNull(ends.get(partition));
    }
}
