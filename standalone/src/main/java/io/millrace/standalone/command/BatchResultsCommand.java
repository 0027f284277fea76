package io.millrace.standalone.command;

import io.millrace.standalone.client.ApiClient;
import io.millrace.standalone.client.Batch;
import io.millrace.standalone.client.BatchResults;
import io.millrace.standalone.client.Batches;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace batch results ID}: what the lines of a batch were answered. */
@Command(
        name = "results",
        mixinStandardHelpOptions = true,
        description =
                "Fetches the answers to a batch's lines, those that failed last; 1 when there are"
                        + " such, or the batch has not ended.")
final class BatchResultsCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "Id of a batch.")
    private String id = "";

    @Mixin private ApiOptions api = new ApiOptions();

    // picocli leaves it null when the flag is not given
    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the lines are written (default: standard output).")
    private @Nullable Path file;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException, IOException {
        Path target = file;
        if (target != null && !Files.isDirectory(target.toAbsolutePath().resolveSibling("."))) {
            throw new RefusedException("--out: there is no folder for " + target);
        }
        try (ApiClient client = api.client()) {
            Batch batch = new Batches(client).get(id);
            if (!batch.ended()) {
                spec.commandLine().getErr().println("millrace: nothing yet: " + batch.line());
                return ExitCodes.FAILED;
            }
            if (target == null) {
                print(batch, client);
            } else {
                new BatchResults(client).write(batch, target);
                spec.commandLine().getOut().println(batch.line() + ": " + target);
            }
            return batch.good() ? ExitCodes.DONE : ExitCodes.FAILED;
        }
    }

    private static void print(Batch batch, ApiClient client)
            throws IOException, InterruptedException {
        Path scratch = Path.of(System.getProperty("java.io.tmpdir"));
        PrintStream out = System.out;
        new BatchResults(client).copy(batch, scratch, out);
    }
}
