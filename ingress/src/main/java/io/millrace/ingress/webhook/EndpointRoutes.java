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
import java.util.List;
import java.util.Set;

/**
 * OpenAI's management API of webhooks, under {@code /v1/webhook_endpoints}, with the deliveries of
 * each endpoint as an addition of ours.
 */
final class EndpointRoutes implements HttpService {

    private static final String KEEP = "keep_old_secret_active_for_24_hours";
    private static final String TYPE = "event_type";

    private final Authentication authentication;
    private final Bodies bodies;
    private final EndpointDesk desk;
    private final Routes routes;
    private final Trial trial;
    private final Deliveries deliveries;

    EndpointRoutes(
            Authentication authentication,
            Bodies bodies,
            EndpointDesk desk,
            Routes routes,
            Trial trial,
            Deliveries deliveries) {
        this.authentication = authentication;
        this.bodies = bodies;
        this.desk = desk;
        this.routes = routes;
        this.trial = trial;
        this.deliveries = deliveries;
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
        List<Control.Endpoint> all = desk.all(tenant);
        List<Control.Endpoint> found =
                (Inputs.ascending(request) ? all.reversed() : all)
                        .stream()
                                .dropWhile(endpoint ->
                                        !after.isEmpty()
                                                && !endpoint.state().getEndpointId().equals(after))
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
        ObjectNode wish = EndpointWish.object(bodies.read(request), Set.of(KEEP));
        Boolean both = EndpointWish.flag(wish, KEEP);
        Control.Endpoint rotated =
                desk.rotate(tenant, Inputs.id(request, "id"), Boolean.TRUE.equals(both));
        Answers.json(answer, 200, EndpointJson.withSecret(rotated, routes.secret(rotated.state())));
    }

    private void test(ServerRequest request, ServerResponse answer) {
        TenantId tenant = admin(request);
        Control.Endpoint endpoint = desk.find(tenant, Inputs.id(request, "id"));
        String word = EndpointWish.object(bodies.read(request), Set.of(TYPE)).path(TYPE).asText();
        EventType type =
                EventType.parse(word)
                        .orElseThrow(() ->
                                EndpointWish.wrong(
                                        "invalid_value",
                                        "event_type must be one of those that"
                                                + " /v1/webhook_event_types lists.",
                                        TYPE));
        Answers.json(answer, 200, trial.of(endpoint, type));
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
                                Inputs.limit(request),
                                Inputs.ascending(request))));
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
