package io.millrace.ingress.batch;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.Inputs;
import io.millrace.schemas.id.BatchId;
import java.util.Optional;
import java.util.function.Function;

/**
 * What ingresses tell each other of batches, to be registered under {@code /internal/batches}
 * behind the check of the internal credential.
 */
public final class InnerBatchRoutes implements HttpService {

    private final Function<BatchId, Optional<Progress>> local;

    InnerBatchRoutes(Function<BatchId, Optional<Progress>> local) {
        this.local = local;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/{id}", this::counts);
    }

    private void counts(ServerRequest request, ServerResponse answer) {
        Optional<Counts> counts =
                BatchId.parse(Inputs.id(request, "id")).flatMap(local).map(Counts::of);
        if (counts.isPresent()) {
            Answers.json(answer, 200, counts.get().json());
        } else {
            Answers.error(answer, ApiError.notFound("not_found", "This batch is not here."));
        }
    }
}
