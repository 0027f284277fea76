package io.millrace.ingress.jobs;

import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.admission.Endpoints;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.auth.Role;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.http.Inputs;

/**
 * The inner route by which other ingresses hand over wishes whose idempotency keys this one owns,
 * below {@code /internal/keyed}; nothing is forwarded.
 */
public final class KeyRoutes implements HttpService {

    /** The path it is registered under. */
    public static final String PATH = "/internal/keyed";

    private final Authentication authentication;
    private final Bodies bodies;
    private final JobDesk desk;
    private final KeyForwarding forwarding;

    /** Wires the route. */
    public KeyRoutes(
            Authentication authentication, Bodies bodies, JobDesk desk, KeyForwarding forwarding) {
        this.authentication = authentication;
        this.bodies = bodies;
        this.desk = desk;
        this.forwarding = forwarding;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", this::take);
    }

    private void take(ServerRequest request, ServerResponse answer) {
        Caller caller = authentication.caller(request).withAnyOf(Role.SUBMIT);
        String door =
                Inputs.text(request, KeyForwarding.DOOR)
                        .filter(said -> said.equals(Sent.JOBS) || Endpoints.supported(said))
                        .orElseThrow(KeyRoutes::unknown);
        boolean synchronous =
                Inputs.text(request, KeyForwarding.SYNCHRONOUS).filter("true"::equals).isPresent();
        Taken.Job taken;
        try (Bodies.Held body = bodies.hold(request)) {
            Sent sent = new Sent(door, body.bytes(), synchronous, true);
            taken = desk.take(request, caller, sent.read(), sent);
        }
        Answers.json(answer, 200, forwarding.answer(taken));
    }

    private static ApiException unknown() {
        return new ApiException(ApiError.notFound("not_found", "There is no such door."));
    }
}
