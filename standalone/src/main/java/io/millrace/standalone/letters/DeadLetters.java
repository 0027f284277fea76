package io.millrace.standalone.letters;

import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.topic.Topic;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The dead letters of a cluster, through clients that stay the caller's. One thread uses it. */
public final class DeadLetters {

    // what a letter has of a value at most; one of that size may have been cut
    private static final int CUT_BYTES = 1_280 * 1024;
    private static final Duration POLL = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final AvroCodec<DeadLetter> codec;

    /** Reads what is committed with that consumer, and writes with that producer. */
    public DeadLetters(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            AvroCodec<DeadLetter> codec) {
        this.consumer = consumer;
        this.producer = producer;
        this.codec = codec;
    }

    /**
     * A letter and the name it goes by.
     *
     * @param id partition and offset in dead letters, with a dash between
     */
    public record Found(String id, DeadLetter letter) {}

    /** Returns the newest letters, the newest first. */
    public List<Found> list(int most) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(Topic.DEAD_LETTERS.topicName()).stream()
                        .map(each -> new TopicPartition(each.topic(), each.partition()))
                        .toList();
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Map<TopicPartition, Long> beginnings = consumer.beginningOffsets(partitions);
        consumer.assign(partitions);
        // markers of transactions lie between the letters, at most one for each
        partitions.forEach(each ->
                consumer.seek(each, Math.max(at(beginnings, each), at(ends, each) - 2L * most)));
        List<Found> found = new ArrayList<>();
        while (partitions.stream().anyMatch(each -> consumer.position(each) < at(ends, each))) {
            consumer.poll(POLL).forEach(each -> found.add(found(each)));
        }
        return found.stream()
                .sorted(Comparator.comparing((Found each) -> each.letter().getFoundAt()).reversed())
                .limit(most)
                .toList();
    }

    /** Returns a letter by its name, or none when there is none. */
    public Optional<Found> find(String id) {
        String[] parts = id.split("-", -1);
        if (parts.length != 2) {
            return Optional.empty();
        }
        try {
            TopicPartition partition =
                    new TopicPartition(Topic.DEAD_LETTERS.topicName(), Integer.parseInt(parts[0]));
            return at(partition, Long.parseLong(parts[1]));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Optional<Found> at(TopicPartition partition, long offset) {
        List<TopicPartition> one = List.of(partition);
        if (offset < at(consumer.beginningOffsets(one), partition)
                || offset >= at(consumer.endOffsets(one), partition)) {
            return Optional.empty();
        }
        consumer.assign(one);
        consumer.seek(partition, offset);
        while (consumer.position(partition) <= offset) {
            for (ConsumerRecord<byte[], byte[]> each : consumer.poll(POLL).records(partition)) {
                return each.offset() == offset ? Optional.of(found(each)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /**
     * Writes what was poison once more to where it lay, as a new record; the letter stays.
     *
     * @return where it is now
     * @throws IllegalArgumentException when the letter may not have all of it
     */
    public RecordMetadata replay(DeadLetter letter) {
        byte @Nullable [] value = bytes(letter.getValue());
        if (value != null && value.length >= CUT_BYTES) {
            throw new IllegalArgumentException(
                    "the letter has the first %d bytes alone".formatted(CUT_BYTES));
        }
        SourcePosition source = letter.getSource();
        ProducerRecord<byte[], byte[]> again =
                new ProducerRecord<>(
                        source.getTopic(), source.getPartition(), bytes(letter.getKey()), value);
        letter.getHeaders()
                .forEach((name, header) ->
                        again.headers().add(name, Objects.requireNonNull(bytes(header))));
        try {
            return producer.send(again).get();
        } catch (ExecutionException e) {
            throw new KafkaException("the letter is not written", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while writing", e);
        }
    }

    private Found found(ConsumerRecord<byte[], byte[]> each) {
        return new Found(
                "%d-%d".formatted(each.partition(), each.offset()), codec.decode(each.value()));
    }

    private static long at(Map<TopicPartition, Long> offsets, TopicPartition partition) {
        return offsets.getOrDefault(partition, 0L);
    }

    private static byte @Nullable [] bytes(@Nullable ByteBuffer buffer) {
        if (buffer == null) {
            return null;
        }
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
