package io.millrace.ingress.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a client wants to have done, read but not yet judged.
 *
 * @param endpoint path of the endpoint
 * @param body as the endpoint defines it
 * @param model name of the model
 * @param tier service tier
 * @param expiresAt when the client wants it to expire; null for never or for a window
 * @param window how long from now it may take; null when not said
 * @param metadata returned as it came
 * @param webhook where its own events are to be sent; null for nowhere
 */
public record JobWish(
        String endpoint,
        ObjectNode body,
        String model,
        Tier tier,
        @Nullable Instant expiresAt,
        @Nullable Duration window,
        Map<String, String> metadata,
        @Nullable WebhookWish webhook) {

    public JobWish {
        metadata = Map.copyOf(metadata);
    }
}
