package io.millrace.standalone.assembly;

import io.millrace.servicekit.admin.Health;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.process.LoopbackPort;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One service in a process of its own, against any Kafka and registry. */
public final class SingleService implements Running {

    private final StartedParts parts;
    private final Ground ground;
    private final RunningServices services;

    private SingleService(StartedParts parts, Ground ground, RunningServices services) {
        this.parts = parts;
        this.ground = ground;
        this.services = services;
    }

    /**
     * Starts the service.
     *
     * @param root root of millrace.yaml
     * @param data the folder, which stays the caller's
     * @param port where it listens; none when it listens nowhere
     */
    public static SingleService start(
            ServiceKind kind,
            Section root,
            DataDirectory data,
            Optional<LoopbackPort> port,
            LoopbackPort adminPort,
            ServiceCatalog catalog)
            throws InterruptedException {
        Optional<LoopbackPort> claimed = port.map(LoopbackPort::claimed);
        Section checked =
                catalog.checked(claimed.map(at -> listening(kind, root, at.number())).orElse(root));
        StartedParts parts = new StartedParts();
        try {
            Ground ground =
                    parts.add(
                            Ground.open(
                                    checked,
                                    data,
                                    adminPort,
                                    kind.commandName(),
                                    new SecureRandom()));
            RunningServices services =
                    parts.add(
                            RunningServices.start(
                                    ground,
                                    () -> {},
                                    catalog,
                                    List.of(new RunningServices.Wanted(kind, claimed))));
            ground.started();
            return new SingleService(parts, ground, services);
        } catch (RuntimeException | InterruptedException e) {
            parts.close();
            throw e;
        }
    }

    @Override
    public Health health() {
        return ground.health();
    }

    @Override
    public Map<String, Integer> ports() {
        return Running.ports(ground.adminPort(), services::port);
    }

    @Override
    public void close() {
        parts.close();
    }

    private static Section listening(ServiceKind kind, Section root, int port) {
        return switch (kind) {
            case INGRESS -> Overlay.ingressAt(root, port);
            case USAGE_AGGREGATOR -> Overlay.aggregatorAt(root, port);
            case DISPATCHER -> root;
        };
    }
}
