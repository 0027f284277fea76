package io.millrace.standalone.assembly;

import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.Deployment;
import io.millrace.servicekit.kafka.KafkaClients;
import io.millrace.servicekit.kafka.KafkaConfig;
import io.millrace.servicekit.kafka.Registry;
import io.millrace.standalone.process.RefusedException;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;

/** Brings a cluster to what services need before any starts: topics and schemas. */
final class ClusterPreparation {

    private ClusterPreparation() {}

    /**
     * Makes what is missing; topics and schemas side by side.
     *
     * @throws RefusedException when the cluster is of another shape or cannot be reached
     */
    static void of(KafkaClients kafka) throws InterruptedException {
        KafkaConfig config = kafka.config();
        Callable<Void> topics =
                () -> {
                    ensureTopics(kafka, config);
                    return null;
                };
        Callable<Void> schemas =
                () -> {
                    Registry.register(kafka.registry(), Topic.subjects());
                    return null;
                };
        try {
            SideBySide.run(List.of(topics, schemas));
        } catch (IllegalStateException e) {
            throw new RefusedException("kafka: " + deepest(e), e);
        } catch (KafkaException e) {
            throw new RefusedException(
                    "kafka.bootstrap-servers: %s: %s"
                            .formatted(config.bootstrapServers(), e.getMessage()),
                    e);
        }
    }

    private static void ensureTopics(KafkaClients kafka, KafkaConfig config) {
        try (Bound<Admin> admin = kafka.admin("millrace-deployment")) {
            new Deployment(admin.client())
                    .ensure(Topic.all(config.slots(), config.replicationFactor()));
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
