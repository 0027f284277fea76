package io.millrace.standalone.assembly;

import io.millrace.servicekit.admin.Health;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.standalone.broker.BrokerConfig;
import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.process.Distribution;
import io.millrace.standalone.process.LoopbackPort;
import io.millrace.standalone.registry.RegistryConfig;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Broker, registry and the three services, started by one process.
 *
 * <pre>
 *   ports claimed, file checked
 *     ─► broker ─► topics ─► ingress ∥ dispatcher ∥ usage-aggregator
 *      ∥ registry ─► schemas
 * </pre>
 */
public final class Standalone implements Running {

    private final StartedParts parts;
    private final Ground ground;
    private final RunningServices services;
    private final Map<String, Integer> backbone;

    private Standalone(
            StartedParts parts,
            Ground ground,
            RunningServices services,
            Map<String, Integer> backbone) {
        this.parts = parts;
        this.ground = ground;
        this.services = services;
        this.backbone = backbone;
    }

    /**
     * Starts everything; if a part fails, none runs when this throws.
     *
     * @param file root of millrace.yaml, or of no file at all
     * @param data the folder, which stays the caller's
     */
    public static Standalone start(
            Section file, DataDirectory data, StandalonePorts wanted, ServiceCatalog catalog)
            throws InterruptedException {
        StandalonePorts ports = wanted.claimed(file);
        Section root = catalog.checked(configured(file, data, ports));
        StartedParts parts = new StartedParts();
        try {
            Ground ground =
                    parts.add(
                            Ground.open(
                                    root, data, ports.admin(), "standalone", new SecureRandom()));
            Map<String, Integer> backbone = new TreeMap<>();
            Ground.Awaited registry = () -> {};
            if (!Overlay.namesKafka(file)) {
                BrokerAndRegistry embedded = parts.add(embedded(data, ports));
                backbone.put("kafka", embedded.broker().port());
                backbone.put("registry", ports.registry().number());
                registry = embedded::registry;
            }
            RunningServices services =
                    parts.add(RunningServices.start(ground, registry, catalog, wanted(ports)));
            ground.started();
            return new Standalone(parts, ground, services, backbone);
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
        Map<String, Integer> ports = new TreeMap<>(backbone);
        ports.putAll(Running.ports(ground.adminPort(), services::port));
        return ports;
    }

    @Override
    public void close() {
        parts.close();
    }

    private static Section configured(Section file, DataDirectory data, StandalonePorts ports) {
        Section root = Overlay.withMasterKey(file, BootSecrets.masterKeyFile(data));
        root = Overlay.withLocalModel(root);
        root = Overlay.ingressAt(root, ports.ingress().number());
        root = Overlay.aggregatorAt(root, ports.aggregator().number());
        return Overlay.namesKafka(file)
                ? root
                : Overlay.onEmbedded(
                        root,
                        "127.0.0.1:" + ports.kafka().number(),
                        "http://127.0.0.1:" + ports.registry().number());
    }

    private static BrokerAndRegistry embedded(DataDirectory data, StandalonePorts ports)
            throws InterruptedException {
        return BrokerAndRegistry.start(
                BrokerConfig.of(data.kafka(), ports.kafka().number()),
                RegistryConfig.of(
                        Distribution.ofThisProcess(),
                        data.registry(),
                        data.logs(),
                        data.run(),
                        ports.registry().number()));
    }

    private static List<RunningServices.Wanted> wanted(StandalonePorts ports) {
        return List.of(
                wanted(ServiceKind.INGRESS, Optional.of(ports.ingress())),
                wanted(ServiceKind.DISPATCHER, Optional.empty()),
                wanted(ServiceKind.USAGE_AGGREGATOR, Optional.of(ports.aggregator())));
    }

    private static RunningServices.Wanted wanted(ServiceKind kind, Optional<LoopbackPort> port) {
        return new RunningServices.Wanted(kind, port);
    }
}
