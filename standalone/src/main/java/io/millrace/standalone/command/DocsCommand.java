package io.millrace.standalone.command;

import io.millrace.standalone.assembly.ReferencePages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code millrace docs DIR}: writes the pages that are made from code. */
@Command(
        name = "docs",
        hidden = true,
        mixinStandardHelpOptions = true,
        description = "Writes configuration.md and metrics.md from the code.")
final class DocsCommand implements Callable<Integer> {

    @Parameters(paramLabel = "DIR", description = "The folder docs of the source tree.")
    private Path docs = Path.of("");

    @Override
    public Integer call() throws IOException {
        for (Map.Entry<String, String> page : ReferencePages.all().entrySet()) {
            Files.writeString(docs.resolve(page.getKey()), page.getValue());
        }
        return ExitCodes.DONE;
    }
}
