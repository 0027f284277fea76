package io.millrace.standalone.assembly;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.Deployment;
import io.millrace.servicekit.kafka.KafkaClients;
import io.millrace.servicekit.kafka.KafkaConfig;
import io.millrace.servicekit.kafka.Registry;
import io.millrace.standalone.process.RefusedException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Brings a cluster to what services need before any starts: topics and schemas. */
final class ClusterPreparation {

    private ClusterPreparation() {}

    /**
     * Makes the topics that are missing.
     *
     * @throws RefusedException when the cluster is of another shape or cannot be reached
     */
    static void ensureTopics(KafkaClients kafka) {
        KafkaConfig config = kafka.config();
        try (Bound<Admin> admin = kafka.admin("millrace-deployment")) {
            new Deployment(admin.client())
                    .ensure(Topic.all(config.slots(), config.replicationFactor()));
        } catch (IllegalStateException e) {
            throw new RefusedException("kafka: " + deepest(e), e);
        } catch (KafkaException e) {
            throw new RefusedException(
                    "kafka.bootstrap-servers: %s: %s"
                            .formatted(config.bootstrapServers(), e.getMessage()),
                    e);
        }
    }

    /**
     * Registers the schemas that are missing.
     *
     * @throws RefusedException when the registry refuses one or cannot be reached
     */
    static void registerSchemas(SchemaRegistryClient registry) {
        try {
            Registry.register(registry, Topic.subjects());
        } catch (IllegalStateException e) {
            throw new RefusedException("kafka: " + deepest(e), e);
        }
    }

    /** The registry's refusals say little themselves, and their causes all. */
    private static String deepest(Throwable e) {
        Throwable cause = e.getCause();
        return cause == null || cause.getMessage() == null
                ? String.valueOf(e.getMessage())
                : e.getMessage() + ": " + cause.getMessage();
    }
}
