package io.millrace.ingress.submission;

import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.avro.WebhookTarget;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.trace.TraceParent;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An admitted wish, complete enough to become a job.
 *
 * @param id of the job
 * @param tenant whose it is
 * @param keyId id of the key that submitted it
 * @param endpoint path of the endpoint
 * @param body JSON in UTF-8; not copied, so nobody may change it any more
 * @param model name of the model
 * @param tier service tier
 * @param acceptedAt when it was accepted
 * @param expiresAt when it expires; null for never
 * @param metadata returned as it came
 * @param synchronous whether a client's connection waits for it
 * @param queuedTokens the most tokens it may use, if it counts against the tenant's queue; null
 *     when it does not
 * @param fingerprint of the wish, if an idempotency key came with it; null when none did
 * @param events what is told of its end, and to whom
 * @param trace position in the client's trace
 */
@SuppressWarnings("ArrayRecordComponent") // megabytes: passed on, never compared
public record Order(
        JobId id,
        TenantId tenant,
        String keyId,
        String endpoint,
        byte[] body,
        String model,
        Tier tier,
        Instant acceptedAt,
        @Nullable Instant expiresAt,
        Map<String, String> metadata,
        boolean synchronous,
        @Nullable Long queuedTokens,
        @Nullable String fingerprint,
        Events events,
        TraceParent trace) {

    /**
     * What is told of a job's end.
     *
     * @param family of the events, such as {@code job}; null when none are sent
     * @param target where its own are sent, beside the tenant's endpoints; null for nowhere
     */
    public record Events(@Nullable String family, @Nullable WebhookTarget target) {

        /** Nobody is told. */
        public static final Events NONE = new Events(null, null);
    }

    public Order {
        metadata = Map.copyOf(metadata);
    }

    /** Leaves the body out. */
    @Override
    public String toString() {
        return "Order[id=%s, tenant=%s, endpoint=%s, model=%s]"
                .formatted(id, tenant, endpoint, model);
    }
}
