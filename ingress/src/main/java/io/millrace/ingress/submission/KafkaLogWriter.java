package io.millrace.ingress.submission;

import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends to the log through one idempotent producer. Thread-safe. */
public final class KafkaLogWriter implements LogWriter, DeliveryLog, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaLogWriter.class);

    // all below the time after which a client is told that Kafka cannot be reached
    private static final Map<String, Object> SHORT =
            Map.of(
                    ProducerConfig.MAX_BLOCK_MS_CONFIG, 2_000,
                    ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 2_000,
                    ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 4_000);

    private final Bound<Producer<byte[], byte[]>> producer;
    private final Codecs codecs;

    /** Writes through a client of that cluster. */
    public KafkaLogWriter(KafkaClients clients, Codecs codecs, String clientId) {
        this.producer = clients.producer(clientId + "-log", SHORT);
        this.codecs = codecs;
    }

    /**
     * Fetches what the first write would have to wait for: schema ids and, if Kafka is fast enough,
     * topic metadata.
     */
    public void warm() {
        try {
            producer.client().partitionsFor(Topic.REQUESTS.topicName());
            producer.client().partitionsFor(Topic.JOBS.topicName());
        } catch (TimeoutException e) {
            // a machine that is busy with the start of everything: not a reason to give it up
            LOG.atInfo().addKeyValue("reason", e.getMessage()).log("first writes will wait");
        }
        codecs.slotRecords().encode(new SlotRecord());
        codecs.jobs().encode(new JobsRecord());
    }

    @Override
    public CompletableFuture<Long> slot(
            String topic,
            int partition,
            String key,
            SlotRecord record,
            Map<String, String> headers) {
        ProducerRecord<byte[], byte[]> sent =
                new ProducerRecord<>(
                        topic, partition, bytes(key), codecs.slotRecords().encode(record));
        headers.forEach((name, value) -> sent.headers().add(name, bytes(value)));
        return send(sent);
    }

    @Override
    public CompletableFuture<Long> jobs(ViewPartition partition, String id, JobsRecord record) {
        return jobs(partition, id, codecs.jobs().encode(record));
    }

    @Override
    public CompletableFuture<Long> forget(ViewPartition partition, String id) {
        return jobs(partition, id, (byte[]) null);
    }

    @Override
    public CompletableFuture<Long> forgetResult(ViewPartition partition, String id) {
        return send(
                new ProducerRecord<>(
                        Topic.RESULTS.topicName(), partition.number(), bytes(id), null));
    }

    @Override
    public CompletableFuture<Long> delivery(ViewPartition partition, WebhookDelivery delivery) {
        return send(
                new ProducerRecord<>(
                        Topic.WEBHOOK_DELIVERIES.topicName(),
                        partition.number(),
                        bytes(delivery.getDeliveryId()),
                        codecs.webhookDeliveries().encode(delivery)));
    }

    @Override
    public CompletableFuture<Long> forgetDelivery(ViewPartition partition, String id) {
        return send(
                new ProducerRecord<>(
                        Topic.WEBHOOK_DELIVERIES.topicName(), partition.number(), bytes(id), null));
    }

    @Override
    public CompletableFuture<Long> deadLetter(
            ViewPartition partition, String key, DeadLetter letter) {
        return send(
                new ProducerRecord<>(
                        Topic.DEAD_LETTERS.topicName(),
                        partition.number(),
                        bytes(key),
                        codecs.deadLetters().encode(letter)));
    }

    @Override
    public void close() {
        producer.close();
    }

    private CompletableFuture<Long> jobs(
            ViewPartition partition, String id, byte @Nullable [] value) {
        return send(
                new ProducerRecord<>(Topic.JOBS.topicName(), partition.number(), bytes(id), value));
    }

    private CompletableFuture<Long> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Long> done = new CompletableFuture<>();
        try {
            var _ =
                    producer.client()
                            .send(record, (metadata, error) -> settle(done, metadata, error));
        } catch (KafkaException | IllegalStateException e) {
            done.completeExceptionally(e);
        }
        return done;
    }

    private static void settle(
            CompletableFuture<Long> done, RecordMetadata metadata, @Nullable Exception error) {
        if (error == null) {
            done.complete(metadata.offset());
        } else {
            done.completeExceptionally(error);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
