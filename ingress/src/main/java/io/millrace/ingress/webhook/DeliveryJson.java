package io.millrace.ingress.webhook;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.DeliveryTry;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.servicekit.http.Json;
import java.time.Instant;
import java.util.Locale;

/** Deliveries as callers see them. */
final class DeliveryJson {

    private DeliveryJson() {}

    static ObjectNode of(WebhookDelivery delivery) {
        ObjectNode json = Json.object();
        json.put("id", delivery.getDeliveryId());
        json.put("object", "webhook_delivery");
        json.put("webhook_endpoint_id", delivery.getEndpointId());
        var target = delivery.getTarget();
        if (target != null) {
            json.put("url", target.getUrl());
        }
        json.put("event_id", delivery.getEventId());
        json.put("event_type", delivery.getEventType());
        json.putObject("data").put("id", delivery.getSubjectId());
        json.put("created_at", delivery.getHappenedAt().getEpochSecond());
        json.put("status", delivery.getStatus().name().toLowerCase(Locale.ROOT));
        Instant due = delivery.getDueAt();
        if (due != null) {
            json.put("next_attempt_at", due.getEpochSecond());
        }
        Instant ended = delivery.getEndedAt();
        if (ended != null) {
            json.put("ended_at", ended.getEpochSecond());
        }
        ArrayNode attempts = json.putArray("attempts");
        delivery.getTries().forEach(each -> attempts.add(attempt(each)));
        return json;
    }

    private static ObjectNode attempt(DeliveryTry each) {
        ObjectNode json = Json.object();
        json.put("started_at", each.getStartedAt().getEpochSecond());
        json.put("duration_ms", each.getTookMs());
        if (each.getHttpStatus() != null) {
            json.put("status_code", each.getHttpStatus());
        }
        if (each.getError() != null) {
            json.put("error", each.getError());
        }
        return json;
    }
}
