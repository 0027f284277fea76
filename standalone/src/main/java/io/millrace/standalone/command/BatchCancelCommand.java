package io.millrace.standalone.command;

import io.millrace.standalone.client.ApiClient;
import io.millrace.standalone.client.Batch;
import io.millrace.standalone.client.Batches;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code millrace batch cancel ID}: the wish that a batch ends. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "Ends a batch; what was done of it can be fetched.")
final class BatchCancelCommand implements Callable<Integer> {

    @Parameters(paramLabel = "ID", description = "Id of a batch.")
    private String id = "";

    @Mixin private ApiOptions api = new ApiOptions();

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        try (ApiClient client = api.client()) {
            Batches batches = new Batches(client);
            Batch batch = batches.get(id);
            boolean tooLate = batch.ended() && !"cancelled".equals(batch.status());
            if (!tooLate) {
                batch = batches.cancel(id);
            }
            spec.commandLine().getOut().println(batch.line());
            return tooLate ? ExitCodes.FAILED : ExitCodes.DONE;
        }
    }
}
