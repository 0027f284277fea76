package io.millrace.ingress.webhook;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.id.HashDigits;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;

/**
 * Something that happened, of which a tenant's endpoints are told.
 *
 * @param tenant whose it is
 * @param type what happened
 * @param subject id of what it happened to
 * @param at when it happened
 */
public record Event(TenantId tenant, EventType type, String subject, Instant at) {

    /** Returns its id, which follows from what happened: told twice, it is the same. */
    String id() {
        return "evt_" + digits("%s\n%s\n%s".formatted(tenant, type.word(), subject));
    }

    /** Returns what is sent: thin, so that nobody learns more than the id. */
    static byte[] body(String id, String type, String subject, Instant at) {
        ObjectNode body = Json.object();
        body.put("id", id);
        body.put("object", "event");
        body.put("created_at", at.getEpochSecond());
        body.put("type", type);
        body.putObject("data").put("id", subject);
        return Json.bytes(body);
    }

    /** Returns digits that follow from a text. */
    static String digits(String text) {
        try {
            return HashDigits.of(
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
