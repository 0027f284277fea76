package io.millrace.ingress.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.http.Answers;
import io.millrace.servicekit.http.Json;

/** The list of types of events, under {@code /v1/webhook_event_types}. */
final class EventTypeRoutes implements HttpService {

    private final Authentication authentication;

    EventTypeRoutes(Authentication authentication) {
        this.authentication = authentication;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.get("/", this::list);
    }

    private void list(ServerRequest request, ServerResponse answer) {
        var _ = authentication.caller(request);
        ObjectNode body = Json.object();
        body.put("object", "list");
        ArrayNode data = body.putArray("data");
        EventType.words().forEach(data::add);
        body.put("has_more", false);
        Answers.json(answer, 200, body);
    }
}
