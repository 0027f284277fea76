package io.millrace.standalone.assembly;

import io.millrace.standalone.broker.BrokerConfig;
import io.millrace.standalone.broker.EmbeddedBroker;
import io.millrace.standalone.registry.RegistryConfig;
import io.millrace.standalone.registry.RegistryProcess;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The two parts that a user may have elsewhere and a single machine starts itself.
 *
 * @param broker Kafka, in this JVM
 * @param registry the schema registry, our child
 */
public record BrokerAndRegistry(EmbeddedBroker broker, RegistryProcess registry)
        implements AutoCloseable {

    /** Starts both side by side; if one fails, neither runs when this throws. */
    public static BrokerAndRegistry start(BrokerConfig brokerConfig, RegistryConfig registryConfig)
            throws InterruptedException {
        try (ExecutorService starter = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<RegistryProcess> registry =
                    starter.submit(() -> RegistryProcess.start(registryConfig));
            EmbeddedBroker broker = startedBeside(registry, brokerConfig);
            try {
                return new BrokerAndRegistry(broker, registry.get());
            } catch (ExecutionException e) {
                broker.close();
                throw unwrapped(e);
            } catch (InterruptedException e) {
                registry.cancel(true);
                broker.close();
                throw e;
            }
        }
    }

    private static EmbeddedBroker startedBeside(
            Future<RegistryProcess> registry, BrokerConfig config) {
        try {
            return EmbeddedBroker.start(config);
        } catch (RuntimeException e) {
            registry.cancel(true);
            if (registry.state() == Future.State.SUCCESS) {
                registry.resultNow().close();
            }
            throw e;
        }
    }

    private static RuntimeException unwrapped(ExecutionException e) {
        return e.getCause() instanceof RuntimeException cause
                ? cause
                : new IllegalStateException("the schema registry did not start", e.getCause());
    }

    @Override
    public void close() {
        try (ExecutorService closer = Executors.newVirtualThreadPerTaskExecutor()) {
            closer.execute(registry::close);
            closer.execute(broker::close);
        }
    }
}
