package io.millrace.standalone.assembly;

import io.millrace.servicekit.config.Section;
import io.millrace.standalone.process.LoopbackPort;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the parts of {@code up} listen on 127.0.0.1.
 *
 * @param ingress the public API
 * @param kafka the embedded broker
 * @param registry the embedded registry
 * @param admin health and metrics
 * @param aggregator the usage-aggregator, which clients reach through ingress
 */
public record StandalonePorts(
        LoopbackPort ingress,
        LoopbackPort kafka,
        LoopbackPort registry,
        LoopbackPort admin,
        LoopbackPort aggregator) {

    /** The ports that the flags of {@code up} give. */
    public static StandalonePorts of(int ingress, int kafka, int registry, int admin) {
        return new StandalonePorts(
                new LoopbackPort(ingress, "--port"),
                new LoopbackPort(kafka, "--kafka-port"),
                new LoopbackPort(registry, "--registry-port"),
                new LoopbackPort(admin, "--admin-port"),
                new LoopbackPort(0, "usage-aggregator.port"));
    }

    /** Free ones everywhere. */
    public static StandalonePorts free() {
        return of(0, 0, 0, 0);
    }

    /**
     * The same with every 0 replaced by a free port, so that each part can be told of the others.
     *
     * @throws io.millrace.standalone.process.PortTakenException when one is taken
     */
    StandalonePorts claimed(Section file) {
        boolean embedded = !Overlay.namesKafka(file);
        LoopbackPort queries =
                Overlay.configuredPort(file, ServiceKind.USAGE_AGGREGATOR)
                        .map(number -> new LoopbackPort(number, aggregator.flag()))
                        .orElse(aggregator);
        List<LoopbackPort> wanted = new ArrayList<>(List.of(ingress, admin, queries));
        if (embedded) {
            wanted.addAll(List.of(kafka, registry));
        }
        List<LoopbackPort> found = LoopbackPort.claimed(wanted);
        return new StandalonePorts(
                found.getFirst(),
                embedded ? found.get(3) : kafka,
                embedded ? found.get(4) : registry,
                found.get(1),
                found.get(2));
    }
}
