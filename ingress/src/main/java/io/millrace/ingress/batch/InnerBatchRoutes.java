package io.millrace.ingress.batch;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.Inputs;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.id.BatchId;
import java.util.Optional;
import java.util.function.Function;

/**
 * What ingresses tell each other of batches, to be registered under {@code /internal/batches}
 * behind the check of the internal credential.
 */
public final class InnerBatchRoutes implements HttpService {

    private final Function<BatchId, Optional<Progress>> local;
    private final Function<BatchId, Optional<BatchState>> cancel;

    InnerBatchRoutes(
            Function<BatchId, Optional<Progress>> local,
            Function<BatchId, Optional<BatchState>> cancel) {
        this.local = local;
        this.cancel = cancel;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{id}", this::counts).post("/{id}" + BatchCancels.CANCEL, this::cancel);
    }

    private void cancel(ServerRequest request, ServerResponse answer) {
        answer(
                answer,
                BatchId.parse(Inputs.id(request, "id")).flatMap(cancel).map(BatchCancels::json));
    }

    private void counts(ServerRequest request, ServerResponse answer) {
        answer(
                answer,
                BatchId.parse(Inputs.id(request, "id"))
                        .flatMap(local)
                        .map(Counts::of)
                        .map(Counts::json));
    }

    private static void answer(ServerResponse answer, Optional<ObjectNode> body) {
        if (body.isPresent()) {
            Answers.json(answer, 200, body.get());
        } else {
            Answers.error(answer, ApiError.notFound("not_found", "This batch is not here."));
        }
    }
}
