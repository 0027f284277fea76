package io.millrace.usageaggregator;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.Deployment;
import io.millrace.servicekit.kafka.KafkaClients;
import io.millrace.servicekit.kafka.KafkaConfig;
import io.millrace.servicekit.kafka.Registry;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;

/**
 * What has to be there before anything is read: topics in Kafka, schemas in the registry. Runs
 * beside the start of the listener, which waits for neither.
 */
final class Preparation implements AutoCloseable {

    private final ExecutorService threads;
    private final List<Future<?>> running;

    private Preparation(ExecutorService threads, List<Future<?>> running) {
        this.threads = threads;
        this.running = running;
    }

    static Preparation begin(KafkaClients kafka, SchemaRegistryClient registry) {
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        return new Preparation(
                threads,
                List.of(
                        threads.submit(() -> ensureTopics(kafka)),
                        threads.submit(() -> Registry.register(registry, Topic.subjects()))));
    }

    /** Returns when all of it is there; throws what went wrong otherwise. */
    void await() {
        running.forEach(Preparation::await);
    }

    @Override
    public void close() {
        threads.shutdownNow();
        threads.close();
    }

    private static void ensureTopics(KafkaClients kafka) {
        KafkaConfig config = kafka.config();
        try (Bound<Admin> admin = kafka.admin("millrace-usage-aggregator-start")) {
            new Deployment(admin.client())
                    .ensure(Topic.all(config.slots(), config.replicationFactor()));
        }
    }

    private static void await(Future<?> task) {
        try {
            task.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("the start failed", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while starting", e);
        }
    }
}
