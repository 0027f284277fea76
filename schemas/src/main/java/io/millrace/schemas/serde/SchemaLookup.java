package io.millrace.schemas.serde;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;

/**
 * Asks the registry for the schema that bytes were written with, before anything else is done with
 * them: only here it can be told whether the bytes are at fault or the registry. The client keeps
 * what it was told, so the deserializer that asks for the same schema next gets it at once.
 */
final class SchemaLookup {

    private static final byte MAGIC = 0;
    private static final int PREFIX_BYTES = 1 + Integer.BYTES;

    // Answers that the same question will always get; 401, 429 and 503 say nothing of the bytes.
    private static final Set<Integer> NO_SUCH_SCHEMA = Set.of(400, 404, 422);

    private final SchemaRegistryClient registry;
    private final String subject;

    SchemaLookup(SchemaRegistryClient registry, String subject) {
        this.registry = registry;
        this.subject = subject;
    }

    /**
     * Returns after the schema of the bytes is known.
     *
     * @throws UndecodableException when they name none
     * @throws RegistryUnavailableException when the registry cannot be asked
     */
    void require(byte[] bytes) {
        int id = id(bytes);
        try {
            registry.getSchemaBySubjectAndId(subject, id);
        } catch (RestClientException e) {
            if (NO_SUCH_SCHEMA.contains(e.getStatus())) {
                throw new UndecodableException("the registry has no schema %d".formatted(id), e);
            }
            throw unavailable(id, e);
        } catch (IOException e) {
            throw unavailable(id, e);
        } catch (RuntimeException e) {
            // what the client throws at a schema that is there, but of another kind or broken
            throw new UndecodableException("schema %d is none of Avro".formatted(id), e);
        }
    }

    private static int id(byte[] bytes) {
        if (bytes.length < PREFIX_BYTES) {
            throw new UndecodableException(
                    "%d bytes are too few for the id of a schema".formatted(bytes.length));
        }
        ByteBuffer prefix = ByteBuffer.wrap(bytes);
        byte magic = prefix.get();
        if (magic != MAGIC) {
            throw new UndecodableException(
                    "the first byte must be %d, but was %d".formatted(MAGIC, magic));
        }
        int id = prefix.getInt();
        if (id < 0) {
            throw new UndecodableException("the id of a schema cannot be %d".formatted(id));
        }
        return id;
    }

    private static RegistryUnavailableException unavailable(int id, Exception cause) {
        return new RegistryUnavailableException("cannot ask for schema %d".formatted(id), cause);
    }
}
