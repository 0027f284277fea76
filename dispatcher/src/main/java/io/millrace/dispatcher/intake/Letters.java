package io.millrace.dispatcher.intake;

import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.TenantTopics;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * Puts poison into dead letters, with its bytes as they came. A letter must fit into a record, so
 * what is beyond its share is cut off; the position says where all of it lies.
 */
final class Letters {

    static final int MOST_VALUE_BYTES = 1_280 * 1024;
    static final int MOST_KEY_BYTES = 64 * 1024;
    static final int MOST_HEADER_BYTES = 64 * 1024;
    private static final int MOST_MESSAGE_CHARS = 1_000;

    private final InstantSource clock;

    Letters(InstantSource clock) {
        this.clock = clock;
    }

    DeadLetter letter(ConsumerRecord<byte[], byte[]> kafkaRecord, String reason, String message) {
        String said =
                message.length() > MOST_MESSAGE_CHARS
                        ? message.substring(0, MOST_MESSAGE_CHARS) + "…"
                        : message;
        return DeadLetter.newBuilder()
                .setSource(
                        new SourcePosition(
                                kafkaRecord.topic(), kafkaRecord.partition(), kafkaRecord.offset()))
                .setTenant(
                        TenantTopics.tenantOfLane(kafkaRecord.topic())
                                .or(() -> TenantTopics.tenantOfInbox(kafkaRecord.topic()))
                                .map(TenantId::value)
                                .orElse(null))
                .setReason(reason)
                .setMessage(said)
                .setKey(cut(kafkaRecord.key(), MOST_KEY_BYTES))
                .setValue(cut(kafkaRecord.value(), MOST_VALUE_BYTES))
                .setHeaders(headers(kafkaRecord))
                .setFoundAt(clock.instant())
                .build();
    }

    private static Map<String, ByteBuffer> headers(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        Map<String, ByteBuffer> headers = new HashMap<>();
        int left = MOST_HEADER_BYTES;
        for (Header header : kafkaRecord.headers()) {
            byte @Nullable [] value = header.value();
            byte[] bytes = value == null ? new byte[0] : value;
            left -= header.key().length() * 3 + bytes.length; // UTF-8 at its longest
            if (left < 0) {
                break;
            }
            headers.put(header.key(), ByteBuffer.wrap(bytes));
        }
        return headers;
    }

    private static @Nullable ByteBuffer cut(byte @Nullable [] bytes, int most) {
        return bytes == null ? null : ByteBuffer.wrap(bytes, 0, Math.min(bytes.length, most));
    }
}
