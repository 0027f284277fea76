package io.millrace.standalone.command;

import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.servicekit.log.Logging;
import io.millrace.standalone.assembly.BrokerAndRegistry;
import io.millrace.standalone.broker.BrokerConfig;
import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.process.Distribution;
import io.millrace.standalone.process.Lifetime;
import io.millrace.standalone.registry.RegistryConfig;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace broker}: Kafka and the registry alone, for services started beside it. */
@Command(
        name = "broker",
        mixinStandardHelpOptions = true,
        description = "Runs the embedded broker and schema registry alone, on 127.0.0.1.")
final class BrokerCommand implements Callable<Integer> {

    private final Lifetime lifetime;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "Folder that holds everything; made if missing.")
    private Path data = Path.of("");

    @Option(
            names = "--kafka-port",
            defaultValue = "9092",
            paramLabel = "N",
            description = "Port of Kafka, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int kafkaPort;

    @Option(
            names = "--registry-port",
            defaultValue = "8081",
            paramLabel = "N",
            description = "Port of the registry, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int registryPort;

    @Spec private CommandSpec spec = CommandSpec.create();

    BrokerCommand(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() throws InterruptedException {
        Logging.configure(Logging.Form.PLAIN, Optional.empty());
        lifetime.hold();
        try (StartedParts parts = new StartedParts()) {
            DataDirectory directory = parts.add(DataDirectory.open(data));
            BrokerAndRegistry started = parts.add(start(directory));
            int kafka = started.broker().port();
            int registry = started.registry().port();
            directory.ports().write(Map.of("kafka", kafka, "registry", registry));
            say(
                    "millrace broker ready kafka=%s registry=%s"
                            .formatted(
                                    started.broker().bootstrapServers(),
                                    started.registry().baseUrl()));
            return untilStopped(started);
        }
    }

    private BrokerAndRegistry start(DataDirectory directory) throws InterruptedException {
        return BrokerAndRegistry.start(
                BrokerConfig.of(directory.kafka(), kafkaPort),
                RegistryConfig.of(
                        Distribution.ofThisProcess(),
                        directory.registry(),
                        directory.logs(),
                        directory.run(),
                        registryPort));
    }

    private int untilStopped(BrokerAndRegistry started) throws InterruptedException {
        ProcessHandle registry = started.registry().process();
        var _ = registry.onExit().thenRun(lifetime::askToStop);
        lifetime.awaitStop();
        if (!registry.isAlive()) {
            spec.commandLine().getErr().println("millrace: the schema registry has ended");
            return ExitCodes.FAILED;
        }
        return ExitCodes.DONE;
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
