package io.millrace.servicekit.kafka;

import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.avro.AvroSchemaProvider;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.avro.Schema;

/**
 * The schema registry: a client of it, and the schemas that a deployment registers at its start.
 */
public final class Registry {

    private static final int CACHED_SCHEMAS = 1000;
    // its own are a minute each, which a thread of ours would wait four times
    private static final Map<String, Object> TIMEOUTS =
            Map.of("http.connect.timeout.ms", 2_000, "http.read.timeout.ms", 5_000);
    private static final String CONFLUENT_API = "/apis/ccompat/v7";

    private Registry() {}

    /** Returns a client of the registry at that base URL. */
    public static SchemaRegistryClient client(URI base) {
        return client(base, CompletableFuture.completedFuture(null));
    }

    /**
     * Returns a client of a registry that may still be starting.
     *
     * @param registered done when the schemas are there: until then a question waits; when it has
     *     failed, a question fails
     */
    public static SchemaRegistryClient client(URI base, Future<?> registered) {
        // Apicurio serves Confluent's API below a path; Confluent's own registry at the root.
        String url =
                base.getPath().isEmpty() || "/".equals(base.getPath())
                        ? base.resolve(CONFLUENT_API).toString()
                        : base.toString();
        return new CachedSchemaRegistryClient(
                new HeldBackRest(url, registered),
                CACHED_SCHEMAS,
                List.of(new AvroSchemaProvider()),
                TIMEOUTS,
                Map.of());
    }

    /**
     * Registers the schemas by subject; what is registered already stays as it is.
     *
     * @throws IllegalStateException when the registry refuses one, naming the subject
     */
    public static void register(SchemaRegistryClient registry, Map<String, Schema> subjects) {
        subjects.forEach((subject, schema) -> {
            try {
                registry.register(subject, new AvroSchema(schema));
            } catch (IOException | RestClientException e) {
                throw new IllegalStateException("schema registry: cannot register " + subject, e);
            }
        });
    }
}
