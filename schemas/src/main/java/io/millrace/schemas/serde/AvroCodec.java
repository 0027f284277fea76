package io.millrace.schemas.serde;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.IOException;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;

/**
 * Turns records of one type into bytes of Confluent's wire format and back.
 *
 * <p>Schemas are looked up under the subject of one canonical topic and never registered here, so
 * that the records of {@code requests} travel unchanged through lanes and retries. Thread-safe:
 * each call of the serializer uses buffers of its own.
 *
 * @param <T> the generated class
 */
public final class AvroCodec<T extends SpecificRecord> {

    static {
        AvroTrust.install();
    }

    private final Class<T> type;
    private final String canonicalTopic;
    private final KafkaAvroSerializer serializer;
    private final KafkaAvroDeserializer deserializer;

    AvroCodec(Class<T> type, String canonicalTopic, SchemaRegistryClient registry) {
        this.type = type;
        this.canonicalTopic = canonicalTopic;
        // The client is given, so the address is not used; the serializer insists on having one.
        Map<String, Object> settings =
                Map.of(
                        "schema.registry.url",
                        "mock://not-used",
                        "auto.register.schemas",
                        false,
                        "specific.avro.reader",
                        true);
        this.serializer = new KafkaAvroSerializer(registry);
        this.serializer.configure(settings, false);
        this.deserializer = new KafkaAvroDeserializer(registry);
        this.deserializer.configure(settings, false);
    }

    /**
     * Returns the record as bytes.
     *
     * @throws RegistryUnavailableException when the schema's id is not known yet and cannot be
     *     asked
     */
    public byte[] encode(T record) {
        try {
            return serializer.serialize(canonicalTopic, record);
        } catch (SerializationException e) {
            throw new RegistryUnavailableException(
                    "cannot encode a record for subject " + canonicalTopic + "-value", e);
        }
    }

    /**
     * Returns the record that the bytes hold.
     *
     * @throws UndecodableException when they hold none
     * @throws RegistryUnavailableException when the registry cannot be asked for their schema
     */
    public T decode(byte[] bytes) {
        Object record;
        try {
            record = deserializer.deserialize(canonicalTopic, bytes);
        } catch (SerializationException e) {
            if (unreachable(e)) {
                throw new RegistryUnavailableException("cannot ask for a record's schema", e);
            }
            throw new UndecodableException(rootMessage(e), e);
        } catch (RuntimeException e) {
            // Avro lets bytes that do not fit their schema out as whatever it stumbled over.
            throw new UndecodableException(rootMessage(e), e);
        }
        if (!type.isInstance(record)) {
            throw new UndecodableException(
                    record == null
                            ? "the value is empty"
                            : "a %s where a %s was expected"
                                    .formatted(
                                            record.getClass().getSimpleName(),
                                            type.getSimpleName()));
        }
        return type.cast(record);
    }

    private static boolean unreachable(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof RestClientException answer) {
                return answer.getStatus() >= 500;
            }
            if (cause instanceof java.net.SocketException
                    || cause instanceof java.net.SocketTimeoutException
                    || cause instanceof java.net.UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null && !(root instanceof IOException)) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }
}
