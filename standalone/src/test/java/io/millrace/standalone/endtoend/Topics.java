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
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Full reads of the topics, of what is committed. */
final class Topics {

    private static final Duration POLL = Duration.ofMillis(100);

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

    private <T extends SpecificRecord> List<T> read(Topic topic, AvroCodec<T> codec) {
        List<T> records = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                bootstrapServers,
                                "isolation.level",
                                "read_committed",
                                "enable.auto.commit",
                                false,
                                "auto.offset.reset",
                                "earliest"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(topic.topicName()).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
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

    private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
        return Objects.requireNonNull(ends.get(partition));
    }
}
