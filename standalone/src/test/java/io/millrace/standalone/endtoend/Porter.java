package io.millrace.standalone.endtoend;

import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.Payload;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** The tenant porter: a plain producer and a plain consumer with Confluent's own serializers. */
final class Porter {

    static final String INBOX = "inbox.porter";
    static final String RESULTS = "results.porter";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final TopicPartition ANSWERS = new TopicPartition(RESULTS, 0);

    private final String bootstrap;
    private final String registry;

    Porter(String bootstrap, URI registry) {
        this.bootstrap = bootstrap;
        this.registry = registry.resolve("/apis/ccompat/v7").toString();
    }

    /** An answer as it lies in the topic. */
    record Answer(ConsumerRecord<byte[], byte[]> raw, InferenceResult result) {

        String header(String name) {
            Header header = Objects.requireNonNull(raw.headers().lastHeader(name), name);
            return new String(header.value(), StandardCharsets.UTF_8);
        }

        long asked() {
            return Objects.requireNonNull(result.getOrigin()).getPosition().getOffset();
        }
    }

    /** Returns when both topics are made. */
    void awaitDoor() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            Await.until(
                    "the door",
                    PATIENCE,
                    () -> {
                        try {
                            return admin.listTopics()
                                    .names()
                                    .get(10, TimeUnit.SECONDS)
                                    .containsAll(List.of(INBOX, RESULTS));
                        } catch (Exception e) {
                            return false;
                        }
                    });
        }
    }

    Producer<String, InferenceRequest> producer() {
        KafkaAvroSerializer values = new KafkaAvroSerializer();
        values.configure(
                Map.of("schema.registry.url", registry, "auto.register.schemas", false), false);
        StringSerializer keys = new StringSerializer();
        @SuppressWarnings("unchecked") // Confluent's serializer takes any object
        var typed =
                (org.apache.kafka.common.serialization.Serializer<InferenceRequest>)
                        (org.apache.kafka.common.serialization.Serializer<?>) values;
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "acks", "all"), keys, typed);
    }

    /** Returns a record's value as that producer writes it. */
    byte[] encoded(InferenceRequest request) {
        try (KafkaAvroSerializer values = new KafkaAvroSerializer()) {
            values.configure(
                    Map.of("schema.registry.url", registry, "auto.register.schemas", false), false);
            return values.serialize(INBOX, request);
        }
    }

    /** Writes bytes, which need not be a request; returns where they are. */
    List<RecordMetadata> write(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrap),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            var sent = records.stream().map(producer::send).toList();
            List<RecordMetadata> written = new ArrayList<>();
            for (var each : sent) {
                written.add(each.get(10, TimeUnit.SECONDS));
            }
            return written;
        } catch (Exception e) {
            throw new AssertionError("cannot write", e);
        }
    }

    static ProducerRecord<byte[], byte[]> poison(byte @Nullable [] value) {
        return new ProducerRecord<>(INBOX, "poison".getBytes(StandardCharsets.UTF_8), value);
    }

    static InferenceRequest chat(String model) {
        String body =
                "{\"model\": \"%s\", \"messages\": [{\"role\": \"user\", \"content\": \"x\"}]}"
                        .formatted(model);
        return InferenceRequest.newBuilder()
                .setEndpoint("/v1/chat/completions")
                .setBody(new Payload(ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)), null))
                .build();
    }

    /** Returns all answers that are committed, in their order. */
    List<Answer> answers() {
        List<Answer> answers = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(
                                Map.of(
                                        "bootstrap.servers",
                                        bootstrap,
                                        "isolation.level",
                                        "read_committed",
                                        "auto.offset.reset",
                                        "earliest"),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer());
                KafkaAvroDeserializer values = new KafkaAvroDeserializer()) {
            values.configure(
                    Map.of("schema.registry.url", registry, "specific.avro.reader", true), false);
            consumer.assign(List.of(ANSWERS));
            consumer.seekToBeginning(List.of(ANSWERS));
            long end = Objects.requireNonNull(consumer.endOffsets(List.of(ANSWERS)).get(ANSWERS));
            while (consumer.position(ANSWERS) < end) {
                for (var raw : consumer.poll(Duration.ofMillis(100))) {
                    Object value = values.deserialize(RESULTS, raw.value());
                    answers.add(new Answer(raw, (InferenceResult) value));
                }
            }
        }
        return answers;
    }
}
