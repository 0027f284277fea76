package io.millrace.standalone.command;

import io.millrace.servicekit.config.ConfigFile;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.standalone.assembly.Overlay;
import io.millrace.standalone.assembly.Running;
import io.millrace.standalone.assembly.ServiceKind;
import io.millrace.standalone.assembly.Services;
import io.millrace.standalone.assembly.SingleService;
import io.millrace.standalone.data.DataDirectory;
import io.millrace.standalone.process.Lifetime;
import io.millrace.standalone.process.LoopbackPort;
import io.millrace.standalone.process.RefusedException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace ingress|dispatcher|usage-aggregator}: one service in a process of its own. */
@Command(mixinStandardHelpOptions = true)
final class ServiceCommand implements Callable<Integer> {

    private static final int MOST_SIDE_BY_SIDE = 16;

    private final ServiceKind kind;
    private final Lifetime lifetime;

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "millrace.yaml, the same for all services.")
    private Path config = Path.of("");

    // picocli leaves null what is not given
    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Folder for local state, one for each process; made if missing (default:"
                            + " data/<service>, or data/<service>-2 … while that is in use).")
    private @Nullable Path data;

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen on instead of the configured one, 0 for a free one.")
    private @Nullable Integer port;

    @Option(
            names = "--admin-port",
            defaultValue = "9464",
            paramLabel = "N",
            description =
                    "Port of health and metrics, 0 for a free one (default: ${DEFAULT-VALUE}).")
    private int adminPort;

    @Spec private CommandSpec spec = CommandSpec.create();

    ServiceCommand(ServiceKind kind, Lifetime lifetime) {
        this.kind = kind;
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() throws InterruptedException {
        LogForm.toStandardError();
        Section root = ConfigFile.read(config, System.getenv());
        lifetime.hold();
        try (StartedParts parts = new StartedParts()) {
            DataDirectory directory =
                    parts.add(data == null ? firstFree() : DataDirectory.open(data));
            Running running =
                    parts.add(
                            SingleService.start(
                                    kind,
                                    root,
                                    directory,
                                    listening(root),
                                    new LoopbackPort(adminPort, "--admin-port"),
                                    Services.configuredOnly()));
            directory.ports().write(running.ports());
            if (Readiness.await(running.health(), lifetime)) {
                say(ready(running, Services.scheme(kind, root)));
                lifetime.awaitStop();
            }
            return ExitCodes.DONE;
        }
    }

    // several of one service may be started side by side, each needs a folder of its own
    private DataDirectory firstFree() {
        Path usual = Path.of("data").resolve(kind.commandName());
        for (int number = 2; number <= MOST_SIDE_BY_SIDE; number++) {
            try {
                return DataDirectory.open(usual);
            } catch (RefusedException e) {
                usual = Path.of("data").resolve(kind.commandName() + "-" + number);
            }
        }
        return DataDirectory.open(usual);
    }

    private Optional<LoopbackPort> listening(Section root) {
        int usual =
                switch (kind) {
                    case INGRESS -> 8080;
                    case USAGE_AGGREGATOR -> 8082;
                    case DISPATCHER -> -1;
                };
        if (usual < 0) {
            return Optional.empty();
        }
        int chosen =
                Optional.ofNullable(port)
                        .or(() -> Overlay.configuredPort(root, kind))
                        .orElse(usual);
        return Optional.of(new LoopbackPort(chosen, "--port"));
    }

    private String ready(Running running, String scheme) {
        String line = "millrace %s ready".formatted(kind.commandName());
        Integer listening = running.ports().get(kind.commandName());
        return listening == null ? line : "%s %s://127.0.0.1:%d".formatted(line, scheme, listening);
    }

    private void say(String line) {
        spec.commandLine().getOut().println(line);
        spec.commandLine().getOut().flush();
    }
}
