package io.millrace.standalone.broker;

import io.millrace.standalone.process.LoopbackPort;
import java.nio.file.Path;

/**
 * What an embedded broker is told; everything else is fixed in {@link BrokerSettings}.
 *
 * @param directory where its log lies; made if missing
 * @param port where clients connect
 * @param controllerPort where the broker finds its own controller
 */
public record BrokerConfig(Path directory, LoopbackPort port, LoopbackPort controllerPort) {

    /** The usual one: the controller's port is nobody's business and therefore a free one. */
    public static BrokerConfig of(Path directory, int port) {
        return new BrokerConfig(
                directory,
                new LoopbackPort(port, "--kafka-port"),
                new LoopbackPort(0, "--controller-port"));
    }
}
