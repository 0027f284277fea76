package io.millrace.schemas.serde;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.util.Map;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;

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
        AvroLimits.install();
        AvroTrust.install();
    }

    private final Class<T> type;
    private final String canonicalTopic;
    private final KafkaAvroSerializer serializer;
    private final KafkaAvroDeserializer deserializer;
    private final SchemaLookup schemas;

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
        this.schemas = new SchemaLookup(registry, canonicalTopic + "-value");
    }

    /**
     * Returns the record as bytes.
     *
     * @throws IllegalArgumentException when the record lacks a field that must be set
     * @throws RegistryUnavailableException when the schema's id is not known yet and the registry
     *     cannot be asked or does not know it
     */
    public byte[] encode(T record) {
        try {
            return serializer.serialize(canonicalTopic, record);
        } catch (SerializationException e) {
            if (e.getCause() instanceof RuntimeException misfit) {
                throw new IllegalArgumentException(
                        "a %s cannot be encoded: %s".formatted(name(), misfit.getMessage()), e);
            }
            throw new RegistryUnavailableException("cannot ask for the id of a " + name(), e);
        } catch (KafkaException e) {
            throw new RegistryUnavailableException("cannot ask for the id of a " + name(), e);
        }
    }

    /**
     * Returns the record that the bytes hold.
     *
     * @param bytes value of a Kafka record; null for a tombstone, which is no record
     * @throws UndecodableException when they hold none
     * @throws RegistryUnavailableException when the registry cannot be asked for their schema
     */
    public T decode(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length == 0) {
            throw new UndecodableException("the value is empty");
        }
        schemas.require(bytes);
        Object record;
        try {
            record = deserializer.deserialize(canonicalTopic, bytes);
        } catch (RuntimeException e) {
            // Avro lets bytes that do not fit their schema out as whatever it stumbled over.
            throw new UndecodableException(rootMessage(e), e);
        }
        if (type.isInstance(record)) {
            return type.cast(record);
        }
        throw new UndecodableException(
                "a %s where a %s was expected"
                        .formatted(
                                record == null ? "null" : record.getClass().getSimpleName(),
                                name()));
    }

    private String name() {
        return type.getSimpleName();
    }

    private static String rootMessage(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        String message = root.getMessage();
        return message == null || message.isBlank() ? root.getClass().getSimpleName() : message;
    }
}
