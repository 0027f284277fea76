package io.millrace.standalone.command;

import io.millrace.standalone.bench.Bench;
import io.millrace.standalone.bench.BenchException;
import io.millrace.standalone.bench.BenchPlan;
import io.millrace.standalone.bench.Figures;
import io.millrace.standalone.process.Lifetime;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code millrace bench}: figures of this machine, beside what Kafka alone does on it. */
@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures throughput, overhead and CPU, each beside Kafka's own in the run.")
final class BenchCommand implements Callable<Integer> {

    private static final DateTimeFormatter FOLDER =
            DateTimeFormatter.ofPattern("'bench'-yyyyMMdd-HHmmss-SSS").withZone(ZoneOffset.UTC);

    private final Lifetime lifetime;

    @Option(
            names = "--data",
            defaultValue = "data",
            paramLabel = "DIR",
            description =
                    "Folder that the run makes its own fresh folder in (default: ${DEFAULT-VALUE}).")
    private Path data = Path.of("data");

    @Option(
            names = "--quick",
            description = "A run of seconds, to see that it works; its figures mean nothing.")
    private boolean quick;

    @Spec private CommandSpec spec = CommandSpec.create();

    BenchCommand(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() throws IOException {
        LogForm.toStandardError();
        StopInterrupts.thisThread(lifetime); // or the processes it started would outlive it
        PrintWriter out = spec.commandLine().getOut();
        Path folder = data.resolve(FOLDER.format(Instant.now())).toAbsolutePath();
        Files.createDirectories(folder);
        try {
            Figures figures =
                    new Bench(quick ? BenchPlan.QUICK : BenchPlan.FULL, out)
                            .run(folder, new SecureRandom());
            Path json = folder.resolve("bench.json");
            Files.writeString(json, figures.json().toPrettyString() + "\n");
            out.println();
            out.println(figures.table());
            out.println("written to " + json);
            return ExitCodes.DONE;
        } catch (BenchException e) {
            spec.commandLine().getErr().println("millrace: bench: " + e.getMessage());
            return ExitCodes.FAILED;
        } catch (InterruptedException e) {
            spec.commandLine().getErr().println("millrace: bench: stopped");
            return ExitCodes.FAILED;
        }
    }
}
