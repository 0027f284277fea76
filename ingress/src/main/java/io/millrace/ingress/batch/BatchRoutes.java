package io.millrace.ingress.batch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.auth.Role;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.http.Inputs;
import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.jobs.ListQuery;
import io.millrace.ingress.jobs.Listed;
import io.millrace.ingress.jobs.NamedWish;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.BatchId;
import io.millrace.servicekit.http.Json;
import java.util.List;
import java.util.Set;

/** OpenAI's batch routes, to be registered under {@code /v1/batches}. Thread-safe. */
public final class BatchRoutes implements HttpService {

    private static final String POLL_HINT_MILLIS = "1000";

    private final Authentication authentication;
    private final Bodies bodies;
    private final JobView view;
    private final BatchCounts counts;
    private final BatchCancels cancels;
    private final NewBatches newBatches;
    private final BatchResults results;

    BatchRoutes(
            Authentication authentication,
            Bodies bodies,
            JobView view,
            BatchCounts counts,
            BatchCancels cancels,
            NewBatches newBatches,
            BatchResults results) {
        this.authentication = authentication;
        this.bodies = bodies;
        this.view = view;
        this.counts = counts;
        this.cancels = cancels;
        this.newBatches = newBatches;
        this.results = results;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", this::create)
                .get("/", this::list)
                .get("/{id}", this::show)
                .get("/{id}/results", this::results)
                .post("/{id}/cancel", this::cancel)
                .post("/{id}/retry", this::retry);
    }

    private void create(ServerRequest request, ServerResponse answer) {
        Caller caller = authentication.caller(request).withAnyOf(Role.SUBMIT);
        byte[] body = bodies.read(request);
        CreateBatch wish = CreateBatch.read(body);
        created(
                answer,
                newBatches.create(
                        caller,
                        wish,
                        NamedWish.of(request, () -> CreateBatch.object(body)).orElse(null)));
    }

    private void retry(ServerRequest request, ServerResponse answer) {
        Caller caller = authentication.caller(request).withAnyOf(Role.SUBMIT);
        BatchState ended = own(caller, request);
        created(
                answer,
                newBatches.retry(
                        caller,
                        ended,
                        NamedWish.of(request, () -> Json.object().put("retry", ended.getBatchId()))
                                .orElse(null)));
    }

    private static void created(ServerResponse answer, BatchState batch) {
        answer.header("openai-poll-after-ms", POLL_HINT_MILLIS);
        Answers.json(answer, 200, BatchJson.of(batch, Counts.recorded(batch)));
    }

    private void list(ServerRequest request, ServerResponse answer) {
        Caller caller = reader(request);
        int limit = Inputs.limit(request);
        ListQuery query =
                new ListQuery(
                        caller.tenant(),
                        ListQuery.Kind.BATCH,
                        limit + 1,
                        Inputs.ascending(request),
                        Inputs.text(request, "after").orElse(""),
                        Set.copyOf(Inputs.texts(request, "status")));
        List<BatchState> found =
                view.list(query).stream().map(Listed::record).map(JobsRecord::getBatch).toList();
        List<BatchState> page = found.subList(0, Math.min(limit, found.size()));
        ObjectNode body = Json.object();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        page.forEach(batch -> data.add(BatchJson.of(batch, counts.of(batch))));
        // absent in an empty list, by OpenAI's description: null would break it
        if (!page.isEmpty()) {
            body.put("first_id", page.getFirst().getBatchId());
            body.put("last_id", page.getLast().getBatchId());
        }
        body.put("has_more", found.size() > limit);
        Answers.json(answer, 200, body);
    }

    private void show(ServerRequest request, ServerResponse answer) {
        BatchState batch = own(reader(request), request);
        if (!BatchFollower.hasEnded(batch)) {
            answer.header("openai-poll-after-ms", POLL_HINT_MILLIS);
        }
        Answers.json(answer, 200, BatchJson.of(batch, counts.of(batch)));
    }

    private void results(ServerRequest request, ServerResponse answer) {
        BatchState batch = own(reader(request), request);
        if (!BatchFollower.hasEnded(batch)) {
            answer.header("openai-poll-after-ms", POLL_HINT_MILLIS);
        }
        results.answer(batch, Inputs.text(request, "after").orElse(""), answer);
    }

    private void cancel(ServerRequest request, ServerResponse answer) {
        Caller caller = authentication.caller(request).withAnyOf(Role.SUBMIT);
        BatchState batch = own(caller, request);
        BatchState after = Transition.isCancellable(batch) ? cancels.cancel(batch) : batch;
        if (BatchFollower.hasEnded(after) && after.getStatus() != BatchStatus.CANCELLED) {
            throw new ApiException(
                    ApiError.invalid(
                            "batch_finished",
                            "The batch has ended already: it is %s."
                                    .formatted(BatchJson.status(after)),
                            ""));
        }
        Answers.json(answer, 200, BatchJson.of(after, counts.of(after)));
    }

    private BatchState own(Caller caller, ServerRequest request) {
        String id = Inputs.id(request, "id");
        return BatchId.parse(id)
                .flatMap(batch -> view.record(batch.value()))
                .map(JobsRecord::getBatch)
                .filter(state -> state.getTenant().equals(caller.tenant().value()))
                .orElseThrow(() ->
                        new ApiException(
                                ApiError.notFound(
                                        "not_found", "No such Batch object: '%s'.".formatted(id))));
    }

    private Caller reader(ServerRequest request) {
        return authentication.caller(request).withAnyOf(Role.READ);
    }
}
