package io.millrace.standalone.command;

import io.millrace.standalone.client.ApiClient;
import io.millrace.standalone.client.ApiException;
import io.millrace.standalone.client.BatchWatch;
import io.millrace.standalone.client.Batches;
import io.millrace.standalone.client.ProgressDisplay;
import io.millrace.standalone.client.Submitter;
import io.millrace.standalone.documents.DocumentTask;
import io.millrace.standalone.documents.DocumentsRun;
import io.millrace.standalone.process.Lifetime;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
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

/** {@code millrace documents FOLDER}: one question to a model about each document. */
@Command(
        name = "documents",
        mixinStandardHelpOptions = true,
        description =
                "Asks a model about each document of a folder (text, Markdown, HTML, PDF), in"
                        + " batches. A second run does what is new or changed, and what failed.",
        footer = {
            "",
            "Each result is DIR/<name of the document>.txt, or .json with its embedding.",
            "Exit codes: 0 every document has a result; 1 some have none, each told by its name;"
                    + " 2 wrong usage.",
        })
final class DocumentsCommand implements Callable<Integer> {

    private final Lifetime lifetime;

    @Parameters(paramLabel = "FOLDER", description = "Where the documents are.")
    private Path folder = Path.of("");

    @Mixin private ApiOptions api = new ApiOptions();

    @Option(
            names = "--model",
            required = true,
            paramLabel = "MODEL",
            description = "Model to ask; one for embeddings embeds when there is no prompt.")
    private String model = "";

    @Option(
            names = "--prompt",
            defaultValue = "",
            paramLabel = "TEXT",
            description = "What to ask about each document (default: a summary).")
    private String prompt = "";

    // picocli leaves it null when the flag is not given
    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Folder of the results; made if missing (default: FOLDER-results).")
    private @Nullable Path results;

    @Option(
            names = "--completion-window",
            defaultValue = "24h",
            paramLabel = "TIME",
            description = "How long a batch may take, 1m to 7 days (default: ${DEFAULT-VALUE}).")
    private String window = "";

    @Spec private CommandSpec spec = CommandSpec.create();

    DocumentsCommand(Lifetime lifetime) {
        this.lifetime = lifetime;
    }

    @Override
    public Integer call() throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new RefusedException(folder + ": there is no such folder");
        }
        StopInterrupts.thisThread(lifetime);
        try (ApiClient client = api.client()) {
            return run(client) ? ExitCodes.DONE : ExitCodes.FAILED;
        } catch (InterruptedException _) {
            return goesOn("stopped");
        } catch (RuntimeException | IOException e) {
            if (lifetime.stopAsked()) { // an interrupt also ends whatever file was being read
                return goesOn("stopped");
            }
            if (e instanceof ApiException api && !api.usersFault()) {
                return goesOn(String.valueOf(api.getMessage()));
            }
            throw e;
        }
    }

    private boolean run(ApiClient client) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        DocumentsRun.Folders folders = new DocumentsRun.Folders(folder, target());
        Files.createDirectories(folders.own());
        // readers of documents have much to say that concerns nobody
        LogForm.toFile(folders.own().resolve("documents.log"));
        ProgressDisplay display = new ProgressDisplay(out, Terminal.isThere());
        DocumentsRun run =
                new DocumentsRun(
                        folders,
                        client,
                        new Submitter(
                                client, InstantSource.system(), () -> UUID.randomUUID().toString()),
                        new BatchWatch(new Batches(client), display, "documents"),
                        out,
                        spec.commandLine().getErr());
        return run.run(DocumentTask.of(model, prompt), window);
    }

    private Path target() {
        Path whole = folder.toAbsolutePath().normalize();
        return Optional.ofNullable(results)
                .orElseGet(() -> whole.resolveSibling(whole.getFileName() + "-results"));
    }

    private int goesOn(String why) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("millrace: %s; the same command again goes on".formatted(why));
        err.flush();
        return ExitCodes.FAILED;
    }
}
