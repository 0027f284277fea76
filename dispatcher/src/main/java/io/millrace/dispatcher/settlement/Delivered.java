package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.Origin;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.topic.Headers;
import io.millrace.schemas.topic.TenantTopics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A result as its tenant gets it on its own topic: a CloudEvent in binary mode (Kafka protocol
 * binding 1.0.2), with the key and the id of the record that it answers, if it answers one.
 */
final class Delivered {

    private static final String SPECVERSION = "1.0";
    private static final String MEDIA_TYPE = "application/avro";
    private static final String TYPE = "io.millrace.job.";

    private Delivered() {}

    /** Returns the record of a result, whose value is given. */
    static ProducerRecord<byte[], byte[]> record(InferenceResult result, byte[] value) {
        Origin origin = result.getOrigin();
        ProducerRecord<byte[], byte[]> event =
                new ProducerRecord<>(
                        TenantTopics.results(new TenantId(result.getTenant())),
                        null,
                        key(result, origin),
                        value);
        header(event, Headers.CE_SPECVERSION, SPECVERSION);
        header(event, Headers.CE_ID, id(result, origin));
        header(event, Headers.CE_SOURCE, source(result, origin));
        header(event, Headers.CE_TYPE, TYPE + result.getStatus().name().toLowerCase(Locale.ROOT));
        header(event, Headers.CE_SUBJECT, result.getJobId());
        header(event, Headers.CE_TIME, result.getCompletedAt().toString());
        header(event, Headers.CONTENT_TYPE, MEDIA_TYPE);
        return event;
    }

    /** Returns the key of the record that is answered, which may be none; else the job's id. */
    private static byte @Nullable [] key(InferenceResult result, @Nullable Origin origin) {
        if (origin == null) {
            return result.getJobId().getBytes(StandardCharsets.UTF_8);
        }
        ByteBuffer key = origin.getKey();
        if (key == null) {
            return null;
        }
        byte[] bytes = new byte[key.remaining()];
        key.duplicate().get(bytes);
        return bytes;
    }

    private static String id(InferenceResult result, @Nullable Origin origin) {
        String asked = origin == null ? null : origin.getCeId();
        return asked == null ? result.getJobId() : asked;
    }

    /** Returns where the record lies that is answered: no two results have source and id alike. */
    private static String source(InferenceResult result, @Nullable Origin origin) {
        if (origin == null) {
            return "/v1/jobs/" + result.getJobId();
        }
        SourcePosition at = origin.getPosition();
        return "/topics/%s/partitions/%d/offsets/%d"
                .formatted(at.getTopic(), at.getPartition(), at.getOffset());
    }

    private static void header(ProducerRecord<byte[], byte[]> event, String name, String value) {
        event.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
