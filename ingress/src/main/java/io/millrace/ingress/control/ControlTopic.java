package io.millrace.ingress.control;

import io.millrace.schemas.avro.ControlRecord;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.KafkaClients;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/** The records of the topic {@code control}, read from its beginning to its end. */
final class ControlTopic {

    /** The one partition. */
    static final TopicPartition PARTITION = new TopicPartition(Topic.CONTROL.topicName(), 0);

    private static final Duration POLL = Duration.ofMillis(100);

    private final KafkaClients clients;
    private final AvroCodec<ControlRecord> codec;
    private final String clientId;

    ControlTopic(KafkaClients clients, AvroCodec<ControlRecord> codec, String clientId) {
        this.clients = clients;
        this.codec = codec;
        this.clientId = clientId;
    }

    /** Returns what the topic says now. */
    Map<String, ControlRecord> readToEnd() {
        try (Bound<Consumer<byte[], byte[]>> consumer =
                clients.consumer(clientId + "-control-read", Map.of())) {
            Map<String, ControlRecord> records = new HashMap<>();
            readToEnd(consumer.client(), records);
            return records;
        }
    }

    /**
     * Assigns a consumer and reads into the map what the topic says now.
     *
     * @throws IllegalStateException when a record cannot be decoded, naming its offset
     */
    void readToEnd(Consumer<byte[], byte[]> consumer, Map<String, ControlRecord> records) {
        consumer.assign(List.of(PARTITION));
        consumer.seekToBeginning(List.of(PARTITION));
        Long end = consumer.endOffsets(List.of(PARTITION)).get(PARTITION);
        while (end != null && consumer.position(PARTITION) < end) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                try {
                    apply(record, records);
                } catch (UndecodableException e) {
                    throw new IllegalStateException(
                            "%s cannot be decoded at offset %d: %s"
                                    .formatted(PARTITION, record.offset(), e.getMessage()),
                            e);
                }
            }
        }
    }

    /** Applies one record to the map. */
    void apply(ConsumerRecord<byte[], byte[]> record, Map<String, ControlRecord> records) {
        if (record.key() == null) {
            return;
        }
        String key = new String(record.key(), StandardCharsets.UTF_8);
        if (record.value() == null) {
            records.remove(key);
        } else {
            records.put(key, codec.decode(record.value()));
        }
    }
}
