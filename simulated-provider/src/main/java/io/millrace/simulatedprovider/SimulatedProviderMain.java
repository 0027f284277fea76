package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.behaviour.ModelName;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Runs a simulated provider as a process, until it is told to end by SIGTERM, which exits 0. */
public final class SimulatedProviderMain {

    /** Options and grammar of model names, for {@code --help}. */
    public static final String HELP = Command.OPTIONS + "\n" + ModelName.DESCRIPTION;

    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private SimulatedProviderMain() {}

    public static void main(String[] arguments) throws InterruptedException {
        int status = run(Command.of(List.of(arguments)), System.out, System.err);
        if (status != 0) {
            System.exit(status);
        }
    }

    private static int run(Command command, PrintStream out, PrintStream err)
            throws InterruptedException {
        return switch (command) {
            case Command.Help() -> {
                out.print(HELP);
                yield 0;
            }
            case Command.Wrong(String reason) -> wrong(reason, err);
            case Command.Serve(SimulatedProviderConfig config) -> serve(config, out, err);
        };
    }

    /** Serves until the process ends; returns only when it cannot start. */
    public static int serve(SimulatedProviderConfig config, PrintStream out, PrintStream err)
            throws InterruptedException {
        SimulatedProvider provider;
        try {
            provider = SimulatedProvider.start(config);
        } catch (IOException | UncheckedIOException | IllegalArgumentException e) {
            return wrong(
                    "port %d, %s: %s".formatted(config.port(), config.ledger(), e.getMessage()),
                    err);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(provider, err), "end"));
        out.println("simulated-provider ready " + provider.url());
        out.flush();
        new CountDownLatch(1).await();
        return 0;
    }

    /** Ends the process itself: left alone, a JVM that got SIGTERM exits with 143. */
    private static void end(SimulatedProvider provider, PrintStream err) {
        int status = 0;
        try {
            provider.close();
        } catch (IOException | RuntimeException e) {
            err.println("simulated-provider: " + e.getMessage());
            status = FAILED;
        }
        Runtime.getRuntime().halt(status);
    }

    private static int wrong(String reason, PrintStream err) {
        err.println("simulated-provider: " + reason);
        return WRONG_USAGE;
    }
}
