package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.behaviour.Behaviour;
import io.millrace.simulatedprovider.behaviour.BodyFault;
import io.millrace.simulatedprovider.behaviour.Fault;
import io.millrace.simulatedprovider.behaviour.Plan;
import io.millrace.simulatedprovider.behaviour.Repetitions;
import io.millrace.simulatedprovider.behaviour.Seed;
import io.millrace.simulatedprovider.behaviour.UsageClaim;
import io.millrace.simulatedprovider.dialect.Answer;
import io.millrace.simulatedprovider.dialect.Answered;
import io.millrace.simulatedprovider.dialect.Endpoint;
import io.millrace.simulatedprovider.dialect.Garbled;
import io.millrace.simulatedprovider.dialect.Rendering;
import io.millrace.simulatedprovider.dialect.Usage;
import io.millrace.simulatedprovider.http.Connection;
import io.millrace.simulatedprovider.http.HttpRequest;
import io.millrace.simulatedprovider.ledger.CallOrigin;
import io.millrace.simulatedprovider.ledger.Ledger;
import io.millrace.simulatedprovider.ledger.OpenCall;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/** Serves calls to models, from the first line in the ledger to the last. Thread-safe. */
final class Calls {

    private static final Plan AT_ONCE = new Plan(Duration.ZERO, new Fault.None(), Duration.ZERO, 0);

    private final Gate gate;
    private final Ledger ledger;
    private final Delivery delivery;
    private final Repetitions repetitions;
    private final Seed seed;
    private final Semaphore free;
    private final InstantSource clock;

    Calls(
            Gate gate,
            Ledger ledger,
            Delivery delivery,
            Repetitions repetitions,
            SimulatedProviderConfig config,
            InstantSource clock) {
        this.gate = gate;
        this.ledger = ledger;
        this.delivery = delivery;
        this.repetitions = repetitions;
        this.seed = new Seed(config.seed());
        this.free = new Semaphore(config.maximumCalls());
        this.clock = clock;
    }

    /** Says whether the connection can be used again. */
    boolean serve(Endpoint endpoint, HttpRequest request, Connection connection)
            throws IOException {
        Verdict verdict = gate.judge(endpoint, request, clock.instant());
        OpenCall call = ledger.start(origin(request, verdict.model()));
        if (!free.tryAcquire()) {
            Verdict.Refused busy =
                    new Verdict.Refused(
                            verdict.model(), 503, "overloaded", "Too many calls", Map.of());
            return refuse(busy, endpoint, connection, call);
        }
        try {
            return switch (verdict) {
                case Verdict.Refused refused -> refuse(refused, endpoint, connection, call);
                case Verdict.Admitted admitted ->
                        answer(admitted, endpoint, request, connection, call);
            };
        } finally {
            free.release();
        }
    }

    /** Answers who followed a redirect, which nobody should, and writes it down. */
    boolean serveRedirected(HttpRequest request, Connection connection) throws IOException {
        OpenCall call = ledger.start(origin(request, ""));
        Bill bill = new Bill(call, "none", Usage.NONE);
        Answer answer =
                Endpoint.CHAT_COMPLETIONS.error(200, "redirected", "You should not be here");
        return delivery.deliver(response(200, call, Map.of(), answer), AT_ONCE, connection, bill);
    }

    private boolean refuse(
            Verdict.Refused refused, Endpoint endpoint, Connection connection, OpenCall call)
            throws IOException {
        Answer error = endpoint.error(refused.status(), refused.code(), refused.message());
        Response response = response(refused.status(), call, refused.headers(), error);
        Bill bill = new Bill(call, refused.code(), Usage.NONE);
        return delivery.deliver(response, AT_ONCE, connection, bill);
    }

    private boolean answer(
            Verdict.Admitted admitted,
            Endpoint endpoint,
            HttpRequest request,
            Connection connection,
            OpenCall call)
            throws IOException {
        Plan plan = plan(admitted.behaviour(), admitted.model(), request);
        Fault fault = plan.fault();
        Answered good = admitted.inquiry().answer(rendering(plan, call));
        Usage usage = fault.isBilled() ? good.usage() : Usage.NONE;
        Optional<Verdict.Refused> refused =
                gate.judge(admitted, usage.inputTokens() + usage.outputTokens(), clock.instant());
        if (refused.isPresent()) {
            return refuse(refused.get(), endpoint, connection, call);
        }
        Bill bill = new Bill(call, fault.word(), usage);
        if (connection.isLeftWithin(plan.latency())) {
            bill.breakOff(0, connection);
            return false;
        }
        Response response = response(fault, good.answer(), endpoint, call);
        return delivery.deliver(response, plan, connection, bill);
    }

    private Plan plan(Behaviour behaviour, String model, HttpRequest request) {
        if (behaviour.isConstant()) {
            return behaviour.plan(0, seed.generator(0));
        }
        long key = Seed.hash(Seed.hash(model), key(request));
        long repetition = repetitions.next(key);
        return behaviour.plan(repetition, seed.generator(Seed.hash(key, repetition)));
    }

    private static long key(HttpRequest request) {
        String job = request.header("x-millrace-job");
        String key = job.isEmpty() ? request.header("idempotency-key") : job;
        return key.isEmpty() ? Seed.hash(request.body()) : Seed.hash(key);
    }

    private Rendering rendering(Plan plan, OpenCall call) {
        UsageClaim claim =
                plan.fault() instanceof Fault.WrongUsage(UsageClaim wrong)
                        ? wrong
                        : UsageClaim.TRUE;
        return new Rendering(seed, call.number(), clock.instant(), plan.words(), claim);
    }

    private Response response(Fault fault, Answer good, Endpoint endpoint, OpenCall call) {
        return switch (fault) {
            case Fault.ErrorStatus error ->
                    response(
                            error.status(),
                            call,
                            error.retryAfter().headers(clock.instant()),
                            endpoint.error(error.status(), "simulated", "A simulated error"));
            case Fault.ErrorIn200() ->
                    response(
                            200,
                            call,
                            Map.of(),
                            endpoint.error(500, "simulated", "A simulated error"));
            case Fault.Redirect() ->
                    response(
                            307,
                            call,
                            Map.of("location", "/redirected"),
                            endpoint.error(307, "simulated", "A simulated redirect"));
            case Fault.Malformed() -> response(200, call, Map.of(), good.malformed());
            case Fault.WrongBody(BodyFault how) -> garbled(Garbled.of(good, how), call);
            case Fault.None _, Fault.Hang _, Fault.Drip _, Fault.Truncated _ ->
                    response(200, call, Map.of(), good);
            case Fault.Huge _, Fault.GzipBomb _, Fault.Reset _, Fault.WrongUsage _ ->
                    response(200, call, Map.of(), good);
            case Fault.Stall _, Fault.Closed _, Fault.WrongHead _ ->
                    response(200, call, Map.of(), good);
        };
    }

    private static Response garbled(Garbled garbled, OpenCall call) {
        return response(200, call, Map.of("content-type", garbled.contentType()), garbled.answer());
    }

    private static Response response(
            int status, OpenCall call, Map<String, String> headers, Answer answer) {
        String id = "req_" + call.number();
        Map<String, String> all = new HashMap<>(headers);
        all.put("x-request-id", id); // OpenAI's
        all.put("request-id", id); // Anthropic's
        return new Response(status, all, answer);
    }

    private static CallOrigin origin(HttpRequest request, String model) {
        return new CallOrigin(
                request.header("x-millrace-job"),
                request.header("x-millrace-attempt"),
                request.header("traceparent"),
                request.path(),
                model);
    }
}
