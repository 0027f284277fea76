package io.millrace.ingress.admission;

import io.millrace.schemas.avro.WebhookTarget;
import io.millrace.schemas.id.TenantId;

/**
 * Judges where clients want events of a job or batch to be sent. Implementations are thread-safe.
 */
@FunctionalInterface
public interface WebhookGate {

    /**
     * Returns the wish as it is kept.
     *
     * @throws io.millrace.ingress.http.ApiException 400 that names the field
     */
    WebhookTarget admit(TenantId tenant, WebhookWish wish);
}
