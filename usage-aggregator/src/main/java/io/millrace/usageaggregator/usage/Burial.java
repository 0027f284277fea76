package io.millrace.usageaggregator.usage;

import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.serde.AvroCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;

/** Makes the dead letters of what was no bill. */
final class Burial {

    private final AvroCodec<DeadLetter> codec;

    Burial(AvroCodec<DeadLetter> codec) {
        this.codec = codec;
    }

    /** Returns the dead letter, keyed by the topic it came from. */
    Record<byte[], byte[]> letter(
            Arrival.Poison poison,
            Record<byte[], Arrival> record,
            RecordMetadata source,
            Instant now) {
        // Kafka's type says nothing of it, but a record may have no key.
        byte @Nullable [] key = record.key();
        DeadLetter.Builder letter =
                DeadLetter.newBuilder()
                        .setSource(
                                SourcePosition.newBuilder()
                                        .setTopic(source.topic())
                                        .setPartition(source.partition())
                                        .setOffset(source.offset())
                                        .build())
                        .setReason(poison.reason())
                        .setMessage(poison.message())
                        .setValue(ByteBuffer.wrap(poison.value()))
                        .setHeaders(headers(record.headers()))
                        .setFoundAt(now);
        if (key != null) {
            letter.setKey(ByteBuffer.wrap(key));
        }
        return new Record<>(
                source.topic().getBytes(StandardCharsets.UTF_8),
                codec.encode(letter.build()),
                now.toEpochMilli());
    }

    private static Map<String, ByteBuffer> headers(Headers headers) {
        Map<String, ByteBuffer> copied = new HashMap<>();
        for (Header header : headers) {
            byte @Nullable [] value = header.value();
            copied.put(header.key(), ByteBuffer.wrap(value == null ? new byte[0] : value));
        }
        return copied;
    }
}
