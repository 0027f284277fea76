package io.millrace.standalone.registry;

import io.millrace.standalone.process.Distribution;
import io.millrace.standalone.process.LoopbackPort;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What a registry is told.
 *
 * @param distribution where its jars and its AOT cache lie
 * @param database where its database lies; made if missing
 * @param log its output is appended there
 * @param pidFile where it is written down for the next start
 * @param port where clients connect
 * @param readyWithin how long a start may take
 */
public record RegistryConfig(
        Distribution distribution,
        Path database,
        Path log,
        Path pidFile,
        LoopbackPort port,
        Duration readyWithin) {

    /** Twenty times what it takes on a quiet machine. */
    private static final Duration READY_WITHIN = Duration.ofMinutes(1);

    /** The usual places in a data folder. */
    public static RegistryConfig of(
            Distribution distribution, Path directory, Path logs, Path run, int port) {
        return new RegistryConfig(
                distribution,
                directory.resolve("schemas"),
                logs.resolve("registry.log"),
                run.resolve("registry.pid"),
                new LoopbackPort(port, "--registry-port"),
                READY_WITHIN);
    }
}
