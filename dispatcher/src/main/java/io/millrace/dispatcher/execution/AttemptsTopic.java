package io.millrace.dispatcher.execution;

import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** The topic {@code attempts}: a slot's attempts lie in the partition of its number. */
final class AttemptsTopic implements AttemptLog {

    private final Producer<byte[], byte[]> producer;
    private final Codecs codecs;

    AttemptsTopic(Producer<byte[], byte[]> producer, Codecs codecs) {
        this.producer = producer;
        this.codecs = codecs;
    }

    @Override
    public long append(int slot, String job, AttemptsRecord entry) {
        try {
            return producer.send(envelope(slot, job, entry)).get().offset();
        } catch (ExecutionException e) {
            throw new KafkaException("attempt is not journalled", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while journalling", e);
        }
    }

    private ProducerRecord<byte[], byte[]> envelope(int slot, String job, AttemptsRecord entry) {
        return new ProducerRecord<>(
                Topic.ATTEMPTS.topicName(),
                slot,
                job.getBytes(StandardCharsets.UTF_8),
                codecs.attempts().encode(entry));
    }
}
