package io.millrace.standalone.command;

import io.millrace.standalone.client.ApiClient;
import io.millrace.standalone.client.Batches;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace batch status ID}: how far a batch is. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = "Prints how far a batch is; 1 when it failed, or some of its lines.")
final class BatchStatusCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "Id of a batch.")
    private String id = "";

    @Mixin private ApiOptions api = new ApiOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        try (ApiClient client = api.client()) {
            return BatchReport.of(new Batches(client).get(id), spec.commandLine().getOut());
        }
    }
}
