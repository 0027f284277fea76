package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.auth.Role;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.http.EntityTag;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/** The routes of our own jobs, under {@code /v1/jobs}. */
public final class JobRoutes implements HttpService {

    private static final String POLL_HINT_MS = "1000";

    private final Authentication authentication;
    private final Bodies bodies;
    private final JobDesk desk;
    private final JobView view;
    private final ClaimCheck claims;
    private final JobEndings endings;
    private final Standings standings;
    private final JobList pages;
    private final JobEvents events;
    private final RatesLeft rates;
    private final OwnJobs own;
    private final JobJson json;

    /**
     * Wires the routes.
     *
     * @param standings tells where jobs stand that have not ended
     * @param rates tells what is left of a caller's minute
     * @param advertised address of this service as clients reach it
     */
    public JobRoutes(
            Authentication authentication,
            Bodies bodies,
            JobDesk desk,
            JobView view,
            ClaimCheck claims,
            JobEndings endings,
            Standings standings,
            RatesLeft rates,
            Supplier<URI> advertised,
            InstantSource clock) {
        this.authentication = authentication;
        this.bodies = bodies;
        this.desk = desk;
        this.view = view;
        this.claims = claims;
        this.endings = endings;
        this.own = new OwnJobs(authentication, view);
        this.json = new JobJson(advertised);
        this.standings = standings;
        this.rates = rates;
        this.pages = new JobList(view, standings, this::body);
        this.events = new JobEvents(view, this::standing, this::body, clock);
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", this::create)
                .get("/", this::list)
                .get("/{id}", this::show)
                .delete("/{id}", this::delete)
                .post("/{id}/cancel", this::cancel)
                .get("/{id}/result", this::result)
                .get("/{id}/events", this::events);
    }

    private void create(ServerRequest request, ServerResponse answer) {
        Caller caller = authentication.caller(request).withAnyOf(Role.SUBMIT);
        Taken.Job taken = taken(request, caller);
        Sighting seen =
                switch (taken) {
                    case Taken.New _ -> Sighting.NOTHING;
                    case Taken.Before(var job) -> seen(job);
                };
        JobAccepted job = taken.job();
        RateHeaders.write(answer, rates.of(caller.tenant(), caller.keyId(), job.getModel()));
        accepted(answer, job, json.of(job, seen, standing(new JobId(job.getJobId()), seen)));
    }

    private Sighting seen(JobAccepted job) {
        try {
            return view.job(new JobId(job.getJobId()));
        } catch (UnavailableException _) {
            return Sighting.NOTHING; // that it was accepted is all that was asked
        }
    }

    private Taken.Job taken(ServerRequest request, Caller caller) {
        try (Bodies.Held body = bodies.hold(request)) {
            Sent sent = new Sent(Sent.JOBS, body.bytes(), false, false);
            return desk.take(request, caller, sent.read(), sent);
        }
    }

    /** Answers that work was accepted, and where and when to ask for it. */
    static void accepted(ServerResponse answer, JobAccepted job, ObjectNode body) {
        answer.header(HeaderNames.LOCATION, "/v1/jobs/" + job.getJobId());
        pending(answer);
        Answers.json(answer, 202, body);
    }

    private static void pending(ServerResponse answer) {
        answer.header(HeaderNames.RETRY_AFTER, "1");
        answer.header("openai-poll-after-ms", POLL_HINT_MS);
    }

    private void show(ServerRequest request, ServerResponse answer) {
        OwnJobs.Seen job = own.named(request, Role.READ);
        Sighting seen = awaited(request, job);
        if (seen.result().isEmpty()) {
            pending(answer);
        }
        EntityTag.answer(request, answer, Json.bytes(body(seen, standing(job.id(), seen))));
    }

    private void result(ServerRequest request, ServerResponse answer) {
        Sighting seen = awaited(request, own.named(request, Role.READ));
        Optional<InferenceResult> result = seen.result();
        if (result.isEmpty()) {
            pending(answer);
            Answers.json(answer, 202, body(seen));
            return;
        }
        ResultAnswer ended = ResultAnswer.of(result.get(), claims);
        if (ended.status() >= 400) {
            // it will be the same for ever
            answer.header("x-should-retry", "false");
        }
        Answers.bytes(answer, ended.status(), ended.body());
    }

    private void events(ServerRequest request, ServerResponse answer) {
        events.stream(request, answer, own.named(request, Role.READ));
    }

    private void cancel(ServerRequest request, ServerResponse answer) {
        OwnJobs.Seen job = own.named(request, Role.SUBMIT);
        Answers.json(answer, 200, body(endings.cancel(job.id(), job.sighting())));
    }

    private void delete(ServerRequest request, ServerResponse answer) {
        OwnJobs.Seen job = own.named(request, Role.SUBMIT);
        endings.delete(job.id(), job.sighting());
        ObjectNode body = Json.object();
        body.put("id", job.id().value());
        body.put("object", "job");
        body.put("deleted", true);
        Answers.json(answer, 200, body);
    }

    /** Returns what is known as soon as the job has ended, if the client prefers to wait. */
    private Sighting awaited(ServerRequest request, OwnJobs.Seen job) {
        Duration wait = Preferences.of(request).waiting();
        if (job.sighting().result().isPresent() || wait.isZero()) {
            return job.sighting();
        }
        return new Sighting(
                job.sighting().record().orElse(null),
                view.awaitResult(job.id(), wait).orElse(null));
    }

    private void list(ServerRequest request, ServerResponse answer) {
        Caller caller = authentication.caller(request).withAnyOf(Role.READ);
        EntityTag.answer(request, answer, Json.bytes(pages.page(request, caller.tenant())));
    }

    private ObjectNode body(Sighting seen) {
        return body(seen, Standing.UNKNOWN);
    }

    private ObjectNode body(Sighting seen, Standing standing) {
        Optional<JobAccepted> job = seen.record().map(JobsRecord::getJob);
        if (job.isPresent()) {
            return json.of(job.get(), seen, standing);
        }
        return seen.result().map(json::of).orElseThrow(OwnJobs::missing);
    }

    private Standing standing(JobId id, Sighting seen) {
        Optional<JobAccepted> job = seen.record().map(JobsRecord::getJob);
        return seen.result().isPresent() || job.isEmpty()
                ? Standing.UNKNOWN
                : standings.of(id, new TenantId(job.get().getTenant()));
    }
}
