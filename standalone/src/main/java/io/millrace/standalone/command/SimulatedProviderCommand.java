package io.millrace.standalone.command;

import io.millrace.simulatedprovider.SimulatedProvider;
import io.millrace.simulatedprovider.SimulatedProviderConfig;
import io.millrace.standalone.process.Lifetime;
import io.millrace.standalone.process.LoopbackPort;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

    @Option(
            names = "--requests-per-minute",
            defaultValue = "0",
            paramLabel = "N",
            description = "Calls admitted in any 60 s, 0 for any number (default: any).")
    private int requestsPerMinute;

    @Option(
            names = "--tokens-per-minute",
            defaultValue = "0",
            paramLabel = "N",
            description = "Tokens admitted in any 60 s, 0 for any number (default: any).")
    private int tokensPerMinute;

    @Option(names = "--limits-per-key", description = "Each API key has the limits for itself.")
    private boolean limitsPerKey;

    @Option(
            names = "--api-key",
            paramLabel = "KEY",
            description = "Callers must send it, or another of those given (default: any or none).")
    private List<String> apiKeys = new ArrayList<>();

    @Option(
            names = "--tls",
            paramLabel = "FILE",
            description =
                    "Speaks TLS with a certificate of its own making for 127.0.0.1 and localhost,"
                            + " written to FILE in PEM.")
    private @Nullable Path tls;

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
        try {
            return SimulatedProvider.start(config().withPort(number));
        } catch (IllegalArgumentException e) {
            throw new RefusedException("--" + e.getMessage(), e);
        } catch (IOException | UncheckedIOException e) {
            throw new RefusedException(
                    "--ledger %s, --tls %s: %s".formatted(ledger, tls, e.getMessage()), e);
        }
    }

    private SimulatedProviderConfig config() {
        SimulatedProviderConfig config =
                SimulatedProviderConfig.DEFAULTS
                        .withSeed(seed)
                        .withRequestsPerMinute(requestsPerMinute)
                        .withTokensPerMinute(tokensPerMinute)
                        .withApiKeys(apiKeys);
        if (limitsPerKey) {
            config = config.withLimitsPerKey();
        }
        Path calls = ledger;
        if (calls != null) {
            config = config.withLedger(calls);
        }
        Path pem = tls;
        return pem == null ? config : config.withTls(pem);
    }
}
