package io.millrace.standalone.command;

import io.millrace.standalone.client.ApiClient;
import io.millrace.standalone.client.ApiException;
import io.millrace.standalone.client.Batch;
import io.millrace.standalone.client.BatchInput;
import io.millrace.standalone.client.BatchWatch;
import io.millrace.standalone.client.Batches;
import io.millrace.standalone.client.ProgressDisplay;
import io.millrace.standalone.client.Submitter;
import io.millrace.standalone.process.Lifetime;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace batch submit FILE}: begins the batch of a file, or goes on with it. */
@Command(
        name = "submit",
        mixinStandardHelpOptions = true,
        description =
                "Submits a file of requests. The same file again is the batch that was begun, so"
                        + " that what was interrupted goes on.")
final class BatchSubmitCommand implements Callable<Integer> {

    private final Lifetime lifetime;

    @Parameters(
            paramLabel = "FILE",
            description = "Requests in the lines of OpenAI's batch input (JSONL).")
    private Path file = Path.of("");

    @Mixin private ApiOptions api = new ApiOptions();

    @Option(
            names = "--endpoint",
            defaultValue = "",
            paramLabel = "PATH",
            description = "What the lines call (default: what the first line says).")
    private String endpoint = "";

    @Option(
            names = "--completion-window",
            defaultValue = "24h",
            paramLabel = "TIME",
            description = "How long it may take, 1m to 7 days (default: ${DEFAULT-VALUE}).")
    private String window = "";

    @Option(names = "--wait", description = "Shows progress until the batch has ended.")
    private boolean wait;

    @Option(names = "--again", description = "Begins a new batch even if there is one.")
    private boolean again;

    // picocli leaves it null when the flag is not given
    @Option(
            names = "--state",
            paramLabel = "DIR",
            description = "Where it is written down what was submitted (default: beside FILE).")
    private @Nullable Path state;

    @Spec private CommandSpec spec = CommandSpec.create();

    BatchSubmitCommand(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() {
        StopInterrupts.thisThread(lifetime);
        BatchInput input = BatchInput.of(file, endpoint, window);
        PrintWriter out = spec.commandLine().getOut();
        try (ApiClient client = api.client()) {
            Submitter submitter =
                    new Submitter(
                            client, InstantSource.system(), () -> UUID.randomUUID().toString());
            Submitter.Submitted submitted = submitter.submit(input, folder(), again);
            Batch batch = submitted.batch();
            out.println(
                    "batch %s %s"
                            .formatted(
                                    batch.id(),
                                    submitted.attached() ? "was begun before" : "is begun"));
            out.flush();
            if (wait) {
                ProgressDisplay display = new ProgressDisplay(out, Terminal.isThere());
                batch = new BatchWatch(new Batches(client), display, "lines").ended(batch);
            }
            return wait || batch.ended() ? BatchReport.of(batch, out) : ExitCodes.DONE;
        } catch (InterruptedException _) {
            return goesOn("stopped");
        } catch (RuntimeException e) {
            if (lifetime.stopAsked()) { // an interrupt also ends whatever file was being read
                return goesOn("stopped");
            }
            if (e instanceof ApiException api && !api.usersFault()) {
                return goesOn(String.valueOf(api.getMessage()));
            }
            throw e;
        }
    }

    private int goesOn(String why) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("millrace: %s; the same command again goes on with %s".formatted(why, file));
        err.flush();
        return ExitCodes.FAILED;
    }

    private Path folder() {
        return Optional.ofNullable(state)
                .orElseGet(() -> file.toAbsolutePath().resolveSibling("."));
    }
}
