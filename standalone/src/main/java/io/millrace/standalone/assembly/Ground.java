package io.millrace.standalone.assembly;

import io.millrace.servicekit.admin.Health;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.kafka.KafkaClients;
import io.millrace.servicekit.kafka.Registry;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.process.LoopbackPort;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;

/**
 * What the services of a process stand on: the file, the data folder, the admin port, clients of
 * the cluster.
 */
final class Ground implements AutoCloseable {

    /** Something that is being started elsewhere. */
    interface Awaited {

        /** Returns when it is there; throws what kept it from starting. */
        void await() throws InterruptedException;
    }

    private static final int NAME_BYTES = 6;

    private final Section root;
    private final SharedConfig shared;
    private final DataDirectory data;
    private final ProcessHost host;
    private final KafkaClients kafka;
    private final CompletableFuture<Void> registered = new CompletableFuture<>();
    private final SecureRandom random;
    private final String process;

    private Ground(
            Section root,
            SharedConfig shared,
            DataDirectory data,
            ProcessHost host,
            SecureRandom random,
            String process) {
        this.root = root;
        this.shared = shared;
        this.data = data;
        this.host = host;
        this.kafka =
                new KafkaClients(
                        shared.kafka(),
                        Registry.client(shared.kafka().schemaRegistry(), registered),
                        host.meters());
        this.random = random;
        this.process = process;
    }

    /**
     * Opens the admin port.
     *
     * @param role first part of the process's name
     */
    static Ground open(
            Section root,
            DataDirectory data,
            LoopbackPort adminPort,
            String role,
            SecureRandom random) {
        SharedConfig shared = SharedConfig.from(root, data.root());
        byte[] name = new byte[NAME_BYTES];
        random.nextBytes(name);
        return new Ground(
                root,
                shared,
                data,
                ProcessHost.open(adminPort, shared.internal()),
                random,
                role + "-" + HexFormat.of().formatHex(name));
    }

    /** Makes topics that are missing. */
    void ensureTopics() {
        ClusterPreparation.ensureTopics(kafka);
    }

    /**
     * Registers schemas that are missing; until it has, what services ask the registry waits.
     *
     * @param registry asked to be there first
     */
    void registerSchemas(Awaited registry) throws InterruptedException {
        try {
            registry.await();
            ClusterPreparation.registerSchemas(Registry.client(shared.kafka().schemaRegistry()));
            registered.complete(null);
        } catch (RuntimeException | InterruptedException e) {
            registered.completeExceptionally(e);
            throw e;
        }
    }

    /** What a service is given. */
    ServiceEnvironment environment(ServiceKind kind, OptionalInt port) {
        Path state = data.state().resolve(kind.commandName());
        return new ServiceEnvironment(
                root,
                state,
                shared.blobs(),
                port,
                process,
                kafka,
                shared.internal(),
                host.health(),
                host.meters(),
                host.pages(),
                adminPort(),
                InstantSource.system(),
                random);
    }

    /** From here on the process is as ready as its services. */
    void started() {
        host.started();
    }

    Health health() {
        return host.health();
    }

    int adminPort() {
        return host.admin().port();
    }

    @Override
    public void close() {
        host.close();
    }
}
