package io.millrace.standalone.command;

import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.standalone.assembly.BootSecrets;
import io.millrace.standalone.assembly.ServiceKind;
import io.millrace.standalone.assembly.Services;
import io.millrace.standalone.assembly.Standalone;
import io.millrace.standalone.assembly.StandalonePorts;
import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.process.Lifetime;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace up}: everything in one process. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description =
                "Runs broker, registry and the three services on 127.0.0.1, until SIGTERM or"
                        + " Ctrl-C.",
        footer = {
            "",
            "The first start writes DIR/run/keys.json (mode 600): {\"operator\": an API key that"
                    + " may do everything, \"default\": an API key of the tenant default}."
        })
final class UpCommand implements Callable<Integer> {

    private final Lifetime lifetime;

    @Mixin private ConfigOption config = new ConfigOption();

    @Option(
            names = "--data",
            defaultValue = "data",
            paramLabel = "DIR",
            description =
                    "Folder that holds everything; made if missing (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Option(
            names = "--port",
            defaultValue = "8080",
            paramLabel = "N",
            description = "Port of the API, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int port;

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

    @Option(
            names = "--admin-port",
            defaultValue = "9464",
            paramLabel = "N",
            description =
                    "Port of health and metrics, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int adminPort;

    @Spec private CommandSpec spec = CommandSpec.create();

    UpCommand(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() throws InterruptedException {
        Section root = config.root();
        lifetime.hold();
        try (StartedParts parts = new StartedParts()) {
            DataDirectory directory = parts.add(DataDirectory.open(data));
            LogForm.toFile(directory.logs().resolve("millrace.log"));
            BootSecrets secrets = BootSecrets.in(directory, new SecureRandom());
            Standalone standalone =
                    parts.add(
                            Standalone.start(
                                    root,
                                    directory,
                                    StandalonePorts.of(port, kafkaPort, registryPort, adminPort),
                                    Services.bootedWith(secrets)));
            directory.ports().write(standalone.ports());
            if (Readiness.await(standalone.health(), lifetime)) {
                say("keys: " + BootSecrets.keysFile(directory));
                say(
                        "millrace ready %s://127.0.0.1:%d"
                                .formatted(
                                        Services.scheme(ServiceKind.INGRESS, root),
                                        standalone.ports().get("ingress")));
                lifetime.awaitStop();
            }
            return ExitCodes.DONE;
        }
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
