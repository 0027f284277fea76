package io.millrace.standalone.assembly;

import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.standalone.broker.BrokerConfig;
import io.millrace.standalone.broker.EmbeddedBroker;
import io.millrace.standalone.registry.RegistryConfig;
import io.millrace.standalone.registry.RegistryProcess;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The two parts that a user may have elsewhere and a single machine starts itself: Kafka in this
 * JVM, and the schema registry, our child, which takes longer to start.
 */
public final class BrokerAndRegistry implements AutoCloseable {

    private final EmbeddedBroker broker;
    private final ExecutorService starter;
    private final Future<RegistryProcess> registry;

    private BrokerAndRegistry(
            EmbeddedBroker broker, ExecutorService starter, Future<RegistryProcess> registry) {
        this.broker = broker;
        this.starter = starter;
        this.registry = registry;
    }

    /**
     * Starts both side by side and returns when the broker runs; if it fails, neither runs when
     * this throws.
     */
    public static BrokerAndRegistry start(
            BrokerConfig brokerConfig, RegistryConfig registryConfig) {
        ExecutorService starter = Executors.newVirtualThreadPerTaskExecutor();
        Future<RegistryProcess> registry =
                starter.submit(() -> RegistryProcess.start(registryConfig));
        try {
            return new BrokerAndRegistry(EmbeddedBroker.start(brokerConfig), starter, registry);
        } catch (RuntimeException e) {
            close(starter, registry);
            throw e;
        }
    }

    /** Kafka. */
    public EmbeddedBroker broker() {
        return broker;
    }

    /**
     * The registry, once it answers.
     *
     * @throws io.millrace.standalone.process.PortTakenException if another process listens where it
     *     should
     * @throws io.millrace.standalone.registry.RegistryStartException if it ends or stays silent
     */
    public RegistryProcess registry() throws InterruptedException {
        try {
            return registry.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new IllegalStateException("the schema registry did not start", e.getCause());
        }
    }

    @Override
    public void close() {
        try (ExecutorService closer = Executors.newVirtualThreadPerTaskExecutor()) {
            closer.execute(() -> close(starter, registry));
            closer.execute(broker::close);
        }
    }

    /** A start that is under way is interrupted, and ends what it began. */
    private static void close(ExecutorService starter, Future<RegistryProcess> registry) {
        starter.shutdownNow();
        starter.close();
        try (StartedParts parts = new StartedParts()) {
            if (registry.state() == Future.State.SUCCESS) {
                parts.add(registry.resultNow());
            }
        }
    }
}
