package io.millrace.dispatcher.intake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.avro.KeyedRecord;
import io.millrace.schemas.avro.Origin;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.id.InboxJobIds;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.serde.AvroCodec;
import io.millrace.schemas.serde.UndecodableException;
import io.millrace.schemas.topic.Headers;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Reads the records of inboxes as the jobs they are, and finds what is poison in them.
 *
 * <p>The tenant is the topic's, and nothing in the record can change that. What is wrong with a
 * record is found by the rules of the HTTP door, which no job of either passes.
 */
final class InboxReader {

    /** Stands for the key that a job came with: it came with none. */
    static final String KEY_ID = "kafka";

    /** The most bytes that key and value of a record have. */
    static final int MOST_BYTES = 1024 * 1024;

    private static final Set<String> ENDPOINTS = Set.of("/v1/chat/completions", "/v1/embeddings");
    private static final Duration LONGEST = Duration.ofDays(30);
    private static final int MOST_KEY_BYTES = 64 * 1024;
    private static final int MAX_MODEL = 256;
    private static final int MAX_PAIRS = 16;
    private static final int MAX_NAME = 64;
    private static final int MAX_VALUE = 512;

    private final AvroCodec<InferenceRequest> codec;
    private final InboxJobIds ids;
    private final InstantSource clock;

    InboxReader(AvroCodec<InferenceRequest> codec, InboxJobIds ids, InstantSource clock) {
        this.codec = codec;
        this.ids = ids;
        this.clock = clock;
    }

    /**
     * Returns what a record of that tenant's inbox says.
     *
     * @throws io.millrace.schemas.serde.RegistryUnavailableException when its schema cannot be
     *     asked
     */
    Incoming read(TenantId tenant, ConsumerRecord<byte[], byte[]> kafkaRecord) {
        try {
            return new Incoming.Work(submit(tenant, kafkaRecord));
        } catch (WrongRecordException e) {
            return refused(tenant, kafkaRecord, e);
        }
    }

    /**
     * Returns the idempotency key that a job came with, as it is kept in mind; none when it came
     * without.
     */
    Optional<KeyedRecord> key(Submit submit, ConsumerRecord<byte[], byte[]> kafkaRecord) {
        if (submit.getJobId().equals(at(kafkaRecord).value())) {
            return Optional.empty();
        }
        return Optional.of(
                new KeyedRecord(
                        submit.getJobId(),
                        fingerprint(kafkaRecord.value()),
                        submit.getAcceptedAt(),
                        position(kafkaRecord)));
    }

    /** Returns what becomes of a record whose idempotency key is another job's. */
    Incoming.Refused keyTaken(TenantId tenant, ConsumerRecord<byte[], byte[]> kafkaRecord) {
        return refused(
                tenant,
                kafkaRecord,
                new WrongRecordException(
                        "idempotency_key_reused",
                        "the idempotency key came with another record before",
                        Headers.IDEMPOTENCY_KEY));
    }

    private Submit submit(TenantId tenant, ConsumerRecord<byte[], byte[]> kafkaRecord) {
        InboxHeaders headers = InboxHeaders.of(tenant, kafkaRecord.headers());
        InferenceRequest request = decoded(kafkaRecord);
        if (!ENDPOINTS.contains(request.getEndpoint())) {
            throw new WrongRecordException(
                    "invalid",
                    "endpoint must be /v1/chat/completions or /v1/embeddings",
                    "endpoint");
        }
        Instant acceptedAt = Instant.ofEpochMilli(kafkaRecord.timestamp());
        ObjectNode body = body(request.getBody());
        return Submit.newBuilder()
                .setJobId(id(tenant, kafkaRecord, headers).value())
                .setTenant(tenant.value())
                .setKeyId(KEY_ID)
                .setModel(model(body))
                .setAcceptedAt(acceptedAt)
                .setRequest(
                        InferenceRequest.newBuilder(request)
                                .setBody(new Payload(ByteBuffer.wrap(Json.bytes(body)), null))
                                .setTier(tier(request.getTier()))
                                .setExpiresAt(expiry(request.getExpiresAt(), acceptedAt))
                                .setMetadata(metadata(request.getMetadata()))
                                .build())
                .setOrigin(origin(kafkaRecord, headers.ceId()))
                .build();
    }

    private InferenceRequest decoded(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        byte @Nullable [] value = kafkaRecord.value();
        if (value == null) {
            throw new WrongRecordException("empty", "the record has no value", "");
        }
        byte @Nullable [] key = kafkaRecord.key();
        if (value.length > MOST_BYTES || (key != null && key.length > MOST_KEY_BYTES)) {
            throw new WrongRecordException(
                    "too_large", "a value has at most 1 MiB, a key at most 64 KiB", "");
        }
        try {
            return codec.decode(value);
        } catch (UndecodableException e) {
            throw new WrongRecordException("undecodable", String.valueOf(e.getMessage()), "");
        }
    }

    private JobId id(
            TenantId tenant, ConsumerRecord<byte[], byte[]> kafkaRecord, InboxHeaders headers) {
        return headers.idempotencyKey()
                .map(key -> ids.keyed(tenant, key))
                .orElseGet(() -> at(kafkaRecord));
    }

    private JobId at(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        return ids.at(kafkaRecord.topic(), kafkaRecord.partition(), kafkaRecord.offset());
    }

    private static ObjectNode body(Payload body) {
        if (body.getBlob() != null) {
            throw new WrongRecordException(
                    "invalid", "a body must be inline: nobody but us names blobs", "body");
        }
        ByteBuffer inline = body.getInline();
        if (inline == null) {
            throw new WrongRecordException("invalid", "there is no body", "body");
        }
        byte[] bytes = new byte[inline.remaining()];
        inline.duplicate().get(bytes);
        JsonNode json;
        try {
            json = Json.parse(bytes);
        } catch (MalformedJsonException e) {
            throw new WrongRecordException("invalid", String.valueOf(e.getMessage()), "body");
        }
        if (!(json instanceof ObjectNode object)) {
            throw new WrongRecordException("invalid", "the body must be a JSON object", "body");
        }
        if (object.path("stream").asBoolean(false)) {
            throw new WrongRecordException(
                    "invalid", "a job has no connection to stream to", "body.stream");
        }
        return object;
    }

    private static String model(ObjectNode body) {
        JsonNode model = body.path("model");
        if (!model.isTextual() || model.asText().isEmpty() || model.asText().length() > MAX_MODEL) {
            throw new WrongRecordException(
                    "invalid", "model must be the name of a model", "body.model");
        }
        return model.asText();
    }

    private static Tier tier(Tier asked) {
        return switch (asked) {
            case UNKNOWN, DEFAULT -> Tier.DEFAULT;
            case PRIORITY -> Tier.PRIORITY;
            case FLEX -> Tier.FLEX;
            case BATCH ->
                    throw new WrongRecordException(
                            "invalid", "tier must be PRIORITY, DEFAULT or FLEX", "tier");
        };
    }

    /** Returns when it expires; that may be over, for what lay here long is none the worse. */
    private static @Nullable Instant expiry(@Nullable Instant asked, Instant acceptedAt) {
        if (asked != null && asked.isAfter(acceptedAt.plus(LONGEST))) {
            throw new WrongRecordException(
                    "invalid", "expiresAt must be at most 30 days from now", "expiresAt");
        }
        return asked;
    }

    private static Map<String, String> metadata(Map<String, String> asked) {
        boolean fits =
                asked.size() <= MAX_PAIRS
                        && asked.entrySet().stream()
                                .allMatch(pair ->
                                        pair.getKey().length() <= MAX_NAME
                                                && pair.getValue().length() <= MAX_VALUE);
        if (!fits) {
            throw new WrongRecordException(
                    "invalid",
                    "metadata has at most 16 pairs, of 64 and 512 characters at most",
                    "metadata");
        }
        return asked;
    }

    private static String fingerprint(byte[] value) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(value));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static SourcePosition position(ConsumerRecord<byte[], byte[]> kafkaRecord) {
        return new SourcePosition(
                kafkaRecord.topic(), kafkaRecord.partition(), kafkaRecord.offset());
    }

    private static Origin origin(
            ConsumerRecord<byte[], byte[]> kafkaRecord, Optional<String> ceId) {
        byte @Nullable [] key = kafkaRecord.key();
        return new Origin(
                position(kafkaRecord),
                key == null || key.length > MOST_KEY_BYTES ? null : ByteBuffer.wrap(key),
                ceId.orElse(null));
    }

    private Incoming.Refused refused(
            TenantId tenant,
            ConsumerRecord<byte[], byte[]> kafkaRecord,
            WrongRecordException wrong) {
        Origin origin = origin(kafkaRecord, InboxHeaders.ceId(kafkaRecord.headers()));
        return new Incoming.Refused(
                wrong.reason(),
                wrong.said(),
                Refusals.answer(
                        at(kafkaRecord),
                        tenant,
                        wrong,
                        origin,
                        Instant.ofEpochMilli(kafkaRecord.timestamp()),
                        clock.instant()));
    }
}
