package io.millrace.ingress.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingress.control.Control;
import io.millrace.schemas.avro.WebhookEndpointState;
import io.millrace.servicekit.http.Json;

/** Endpoints as OpenAI's management API shows them. */
final class EndpointJson {

    private EndpointJson() {}

    static ObjectNode of(Control.Endpoint endpoint, SigningSecret secret) {
        WebhookEndpointState state = endpoint.state();
        ObjectNode json = Json.object();
        json.put("id", state.getEndpointId());
        json.put("object", "webhook_endpoint");
        json.put("created_at", state.getCreatedAt().getEpochSecond());
        json.put("updated_at", endpoint.record().getUpdatedAt().getEpochSecond());
        json.put("name", state.getName());
        json.put("url", state.getUrl());
        ArrayNode types = json.putArray("event_types");
        state.getEventTypes().forEach(types::add);
        json.put("signing_secret_hint", secret.hint());
        json.put("enabled", state.getStoppedBecause() == null);
        if (state.getStoppedBecause() != null) {
            json.put("disabled_reason", state.getStoppedBecause());
        }
        return json;
    }

    /** Shows the secret too: only when it is new. */
    static ObjectNode withSecret(Control.Endpoint endpoint, SigningSecret secret) {
        return of(endpoint, secret).put("signing_secret", secret.text());
    }
}
