package io.millrace.ingress.admission;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;

/**
 * Tells whether two wishes are the same: a hash over what was read, so that neither the order of
 * fields nor spaces between them make a difference, nor whether a default was written out.
 */
public final class Fingerprint {

    private static final ObjectWriter SORTED =
            Json.MAPPER.writer().with(JsonNodeFeature.WRITE_PROPERTIES_SORTED);

    private Fingerprint() {}

    /** Returns the SHA-256 of a wish in hexadecimal digits. */
    public static String of(JobWish wish) {
        ObjectNode fields = Json.object();
        fields.put("endpoint", wish.endpoint());
        fields.put("tier", wish.tier().name());
        Instant expiresAt = wish.expiresAt();
        if (expiresAt != null) {
            fields.put("expires_at", expiresAt.toEpochMilli());
        }
        Duration window = wish.window();
        if (window != null) {
            fields.put("window", window.toMillis());
        }
        ObjectNode metadata = fields.putObject("metadata");
        wish.metadata().forEach(metadata::put);
        WebhookWish webhook = wish.webhook();
        if (webhook != null) {
            ObjectNode wanted = fields.putObject("webhook").put("url", webhook.url());
            wanted.put("secret", webhook.secret());
            webhook.events().forEach(wanted.withArray("events")::add);
        }
        fields.set("body", wish.body());
        return of(fields);
    }

    /** Returns the SHA-256 of fields, their names sorted, in hexadecimal digits. */
    public static String of(ObjectNode fields) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(SORTED.writeValueAsBytes(fields)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a JSON tree can always be written", e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
