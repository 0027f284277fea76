package io.millrace.ingress;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.Deployment;
import io.millrace.servicekit.kafka.KafkaConfig;
import io.millrace.servicekit.kafka.Registry;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has to be there before ingress can work, brought about side by side. */
final class Startup {

    private static final Logger LOG = LoggerFactory.getLogger(Startup.class);
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration PAUSE = Duration.ofMillis(250);

    private Startup() {}

    /** Makes the topics that are missing. */
    static void topics(Bound<Admin> admin, KafkaConfig kafka) {
        patiently(
                "topics",
                () ->
                        new Deployment(admin.client())
                                .ensure(Topic.all(kafka.slots(), kafka.replicationFactor())));
    }

    /** Registers the schemas that are missing. */
    static void schemas(SchemaRegistryClient registry) {
        patiently("schemas", () -> Registry.register(registry, Topic.subjects()));
    }

    /** Runs steps on threads of their own and returns when all are done, or throws what one did. */
    static void together(Runnable... steps) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<?>[] running = new CompletableFuture<?>[steps.length];
            for (int i = 0; i < steps.length; i++) {
                running[i] = CompletableFuture.runAsync(steps[i], threads);
            }
            CompletableFuture.allOf(running).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    // Broker and registry may start beside us; what they refuse for good is thrown at once.
    private static void patiently(String what, Runnable step) {
        long giveUp = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                step.run();
                return;
            } catch (KafkaException | IllegalStateException e) {
                boolean lasting =
                        e instanceof IllegalStateException
                                && !(e.getCause() instanceof java.io.IOException);
                if (lasting || System.nanoTime() > giveUp) {
                    throw e;
                }
                LOG.atInfo()
                        .addKeyValue("what", what)
                        .addKeyValue("reason", e.getMessage())
                        .log("waiting for what others provide");
                pause(e);
            }
        }
    }

    private static void pause(RuntimeException reason) {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }
}
