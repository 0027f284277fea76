package io.millrace.dispatcher.execution;

import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** The topic {@code handoffs}: what is handed over lies in the partition of its slot. */
final class HandoffsTopic implements HandoffLog {

    private final Producer<byte[], byte[]> producer;
    private final Codecs codecs;

    HandoffsTopic(Producer<byte[], byte[]> producer, Codecs codecs) {
        this.producer = producer;
        this.codecs = codecs;
    }

    @Override
    public void append(int slot, Handoff entry) {
        try {
            var _ =
                    producer.send(
                                    new ProducerRecord<>(
                                            Topic.HANDOFFS.topicName(),
                                            slot,
                                            entry.getJobId().getBytes(StandardCharsets.UTF_8),
                                            codecs.handoffs().encode(entry)))
                            .get();
        } catch (ExecutionException e) {
            throw new KafkaException("outcome is not handed over", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while handing over", e);
        }
    }
}
