package io.millrace.ingress.jobs;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.admission.Endpoints;
import io.millrace.ingress.admission.JobWish;
import io.millrace.ingress.admission.Reading;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.auth.Role;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Bodies;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.id.JobId;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The provider-shaped routes: the same job, with the client's connection waiting for it.
 *
 * <p>A client that leaves does not cancel the work, and neither does a wait that ends: its answer
 * names the job.
 */
public final class InferenceRoutes implements HttpService {

    private static final String JOB = "x-millrace-job-id";

    private final Authentication authentication;
    private final Bodies bodies;
    private final JobDesk desk;
    private final JobView view;
    private final ClaimCheck claims;
    private final JobJson json;
    private final Duration wait;

    /**
     * Wires the routes.
     *
     * @param wait how long a connection waits for its job
     */
    public InferenceRoutes(
            Authentication authentication,
            Bodies bodies,
            JobDesk desk,
            JobView view,
            ClaimCheck claims,
            Supplier<URI> advertised,
            Duration wait) {
        this.authentication = authentication;
        this.bodies = bodies;
        this.desk = desk;
        this.view = view;
        this.claims = claims;
        this.json = new JobJson(advertised);
        this.wait = wait;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post(Endpoints.CHAT, (request, answer) -> call(Endpoints.CHAT, request, answer))
                .post(
                        Endpoints.EMBEDDINGS,
                        (request, answer) -> call(Endpoints.EMBEDDINGS, request, answer));
    }

    private void call(String endpoint, ServerRequest request, ServerResponse answer) {
        Caller caller = authentication.caller(request).withAnyOf(Role.SUBMIT);
        boolean async = Preferences.of(request).async();
        Running taken = take(endpoint, request, caller, !async);
        JobAccepted job = taken.job();
        answer.header(JOB, job.getJobId());
        if (async) {
            answer.header("Preference-Applied", "respond-async");
            JobRoutes.accepted(answer, job, json.of(job, Sighting.NOTHING));
            return;
        }
        Optional<InferenceResult> result = view.awaitResult(new JobId(job.getJobId()), wait);
        if (result.isEmpty()) {
            throw timeout(job.getJobId());
        }
        send(answer, taken, result.get());
    }

    /** What is kept of a request while its job runs: not the body, of which many may wait. */
    private record Running(JobAccepted job, EmbeddingFormat format) {}

    private Running take(
            String endpoint, ServerRequest request, Caller caller, boolean synchronous) {
        try (Bodies.Held body = bodies.hold(request)) {
            Sent sent = new Sent(endpoint, body.bytes(), synchronous, false);
            Reading reading = sent.read();
            JobWish wish = JobDesk.wish(reading);
            refuseStreaming(wish);
            JobAccepted job = desk.take(request, caller, reading, sent).job();
            return new Running(job, EmbeddingFormat.asked(wish.body()));
        }
    }

    private void send(ServerResponse answer, Running taken, InferenceResult result) {
        ResultAnswer ended = ResultAnswer.of(result, claims);
        boolean embeddings =
                taken.job().getEndpoint().equals(Endpoints.EMBEDDINGS)
                        && result.getStatus() == JobStatus.COMPLETED;
        RateHeaders.write(answer, result);
        if (ended.status() >= 400) {
            ResultAnswer.hints(answer, result);
        }
        Answers.bytes(
                answer,
                ended.status(),
                embeddings ? taken.format().apply(ended.body()) : ended.body());
    }

    private static void refuseStreaming(JobWish wish) {
        if (wish.body().path("stream").asBoolean(false)) {
            throw new ApiException(
                    ApiError.invalid(
                            "unsupported_parameter",
                            "Streaming is not supported yet: leave stream out or set it to false.",
                            "stream"));
        }
    }

    private static ApiException timeout(String job) {
        return new ApiException(
                ApiError.of(
                                504,
                                "server_error",
                                "timeout",
                                "The job %s goes on: ask for it at /v1/jobs/%s/result."
                                        .formatted(job, job),
                                "")
                        .withoutRetry());
    }
}
