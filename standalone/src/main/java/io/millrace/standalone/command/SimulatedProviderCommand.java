package io.millrace.standalone.command;

import io.millrace.simulatedprovider.SimulatedProvider;
import io.millrace.simulatedprovider.SimulatedProviderConfig;
import io.millrace.standalone.process.Lifetime;
import io.millrace.standalone.process.LoopbackPort;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace simulated-provider}: the provider of tests and benchmarks. */
@Command(
        name = "simulated-provider",
        mixinStandardHelpOptions = true,
        description =
                "Runs a provider that answers chat, embeddings and messages on 127.0.0.1; the"
                        + " model's name says how.")
final class SimulatedProviderCommand implements Callable<Integer> {

    private final Lifetime lifetime;

    @Option(
            names = "--port",
            required = true,
            paramLabel = "N",
            description = "Port to listen on, 0 for a free one.")
    private int port;

    // picocli leaves it null when the flag is not given
    @Option(
            names = "--ledger",
            paramLabel = "FILE",
            description = "JSONL file of every call started and ended (default: counters only).")
    private @Nullable Path ledger;

    @Option(
            names = "--seed",
            defaultValue = "1",
            paramLabel = "N",
            description = "Decides everything that looks like chance (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Spec private CommandSpec spec = CommandSpec.create();

    SimulatedProviderCommand(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() throws InterruptedException, IOException {
        LogForm.toStandardError();
        lifetime.hold();
        try (SimulatedProvider provider = started()) {
            spec.commandLine().getOut().println("simulated-provider ready " + provider.url());
            spec.commandLine().getOut().flush();
            lifetime.awaitStop();
        }
        return ExitCodes.DONE;
    }

    private SimulatedProvider started() {
        int number = new LoopbackPort(port, "--port").claimed().number();
        SimulatedProviderConfig config =
                SimulatedProviderConfig.DEFAULTS.withPort(number).withSeed(seed);
        Path file = ledger;
        if (file != null) {
            config = config.withLedger(file);
        }
        try {
            return SimulatedProvider.start(config);
        } catch (IOException | UncheckedIOException e) {
            throw new RefusedException("--ledger: %s: %s".formatted(file, e.getMessage()), e);
        }
    }
}
