package io.millrace.standalone.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.standalone.client.Batch;
import java.io.PrintWriter;

/** What is told of a batch in the end, and its exit code. */
final class BatchReport {

    private BatchReport() {}

    /** Prints status, counts, errors and bill of a batch. */
    static int of(Batch batch, PrintWriter out) {
        out.println(batch.line());
        batch.errors().forEach(error -> out.println("  " + error));
        JsonNode usage = batch.json().path("usage");
        if (!usage.isMissingNode()) {
            out.println(
                    "  %d tokens, %s USD"
                            .formatted(
                                    usage.path("total_tokens").asLong(),
                                    batch.json()
                                            .path("cost")
                                            .path("value")
                                            .decimalValue()
                                            .toPlainString()));
        }
        out.flush();
        return !batch.ended() || batch.good() ? ExitCodes.DONE : ExitCodes.FAILED;
    }
}
