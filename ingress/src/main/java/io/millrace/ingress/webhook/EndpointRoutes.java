package io.millrace.ingress.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.auth.Role;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.http.Inputs;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * OpenAI's management API of webhooks, under {@code /v1/webhook_endpoints}, with the deliveries of
 * each endpoint as an addition of ours.
 */
final class EndpointRoutes implements HttpService {

    private static final int NONCE_BYTES = 12;

    private final Authentication authentication;
    private final Bodies bodies;
    private final EndpointDesk desk;
    private final Routes routes;
    private final Carrier carrier;
    private final Deliveries deliveries;
    private final InstantSource clock;
    private final RandomGenerator random;

    EndpointRoutes(
            Authentication authentication,
            Bodies bodies,
            EndpointDesk desk,
            Routes routes,
            Carrier carrier,
            Deliveries deliveries,
            InstantSource clock,
            RandomGenerator random) {
        this.authentication = authentication;
        this.bodies = bodies;
        this.desk = desk;
        this.routes = routes;
        this.carrier = carrier;
        this.deliveries = deliveries;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/", this::create)
                .get("/", this::list)
                .get("/{id}", this::show)
                .post("/{id}", this::update)
                .delete("/{id}", this::delete)
                .post("/{id}/rotate_secret", this::rotate)
                .post("/{id}/test", this::test)
                .get("/{id}/deliveries", this::deliveries);
    }

    private void create(ServerRequest request, ServerResponse answer) {
        TenantId tenant = admin(request);
        Control.Endpoint made = desk.create(tenant, EndpointWish.read(bodies.read(request)));
        Answers.json(answer, 200, EndpointJson.withSecret(made, routes.secret(made.state())));
    }

    private void list(ServerRequest request, ServerResponse answer) {
        TenantId tenant = reader(request);
        int limit = Inputs.limit(request);
        String after = Inputs.text(request, "after").orElse("");
        List<Control.Endpoint> found =
                desk.all(tenant).stream()
                        .dropWhile(endpoint ->
                                !after.isEmpty() && !endpoint.state().getEndpointId().equals(after))
                        .skip(after.isEmpty() ? 0 : 1)
                        .toList();
        List<Control.Endpoint> page = found.subList(0, Math.min(limit, found.size()));
        ObjectNode body = Json.object();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        page.forEach(endpoint -> data.add(shown(endpoint)));
        body.put("first_id", page.isEmpty() ? null : page.getFirst().state().getEndpointId());
        body.put("last_id", page.isEmpty() ? null : page.getLast().state().getEndpointId());
        body.put("has_more", found.size() > limit);
        Answers.json(answer, 200, body);
    }

    private void show(ServerRequest request, ServerResponse answer) {
        TenantId tenant = reader(request);
        Answers.json(answer, 200, shown(desk.find(tenant, Inputs.id(request, "id"))));
    }

    private void update(ServerRequest request, ServerResponse answer) {
        TenantId tenant = admin(request);
        EndpointWish wish = EndpointWish.read(bodies.read(request));
        Answers.json(answer, 200, shown(desk.update(tenant, Inputs.id(request, "id"), wish)));
    }

    private void delete(ServerRequest request, ServerResponse answer) {
        TenantId tenant = admin(request);
        String id = Inputs.id(request, "id");
        desk.delete(tenant, id);
        ObjectNode body = Json.object();
        body.put("id", id);
        body.put("object", "webhook_endpoint.deleted");
        body.put("deleted", true);
        Answers.json(answer, 200, body);
    }

    private void rotate(ServerRequest request, ServerResponse answer) {
        TenantId tenant = admin(request);
        ObjectNode wish = EndpointWish.object(bodies.read(request));
        Boolean both = EndpointWish.flag(wish, "keep_old_secret_active_for_24_hours");
        Control.Endpoint rotated =
                desk.rotate(tenant, Inputs.id(request, "id"), Boolean.TRUE.equals(both));
        Answers.json(answer, 200, EndpointJson.withSecret(rotated, routes.secret(rotated.state())));
    }

    private void test(ServerRequest request, ServerResponse answer) {
        TenantId tenant = admin(request);
        Control.Endpoint endpoint = desk.find(tenant, Inputs.id(request, "id"));
        String word = EndpointWish.object(bodies.read(request)).path("event_type").asText();
        EventType type =
                EventType.parse(word)
                        .orElseThrow(() ->
                                EndpointWish.wrong(
                                        "invalid_value",
                                        "event_type must be one of those that"
                                                + " /v1/webhook_event_types lists.",
                                        "event_type"));
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        Event event =
                new Event(tenant, type, "test_" + HexFormat.of().formatHex(nonce), clock.instant());
        Answer came = carrier.carry(routes.test(endpoint.state(), event));
        ObjectNode body = Json.object();
        body.put("object", "webhook_endpoint.test");
        body.put("webhook_endpoint_id", endpoint.state().getEndpointId());
        body.put("event_type", word);
        if (came.status() != null) {
            body.put("status_code", came.status());
        }
        body.put("success", came.delivered());
        if (came.error() != null) {
            body.put("error", came.error());
        }
        Answers.json(answer, 200, body);
    }

    private void deliveries(ServerRequest request, ServerResponse answer) {
        TenantId tenant = reader(request);
        String id = Inputs.id(request, "id");
        if (!id.equals(Addressees.DEFAULT)) {
            var _ = desk.find(tenant, id);
        }
        Answers.bytes(
                answer,
                200,
                deliveries.page(
                        new Deliveries.Query(
                                tenant,
                                id,
                                Inputs.text(request, "after").orElse(""),
                                Inputs.limit(request))));
    }

    private ObjectNode shown(Control.Endpoint endpoint) {
        return EndpointJson.of(endpoint, routes.secret(endpoint.state()));
    }

    private TenantId admin(ServerRequest request) {
        return authentication.caller(request).withAnyOf(Role.TENANT_ADMIN).tenant();
    }

    private TenantId reader(ServerRequest request) {
        return authentication.caller(request).withAnyOf(Role.TENANT_ADMIN, Role.READ).tenant();
    }
}
