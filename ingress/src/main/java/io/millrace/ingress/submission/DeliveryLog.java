package io.millrace.ingress.submission;

import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.id.ViewPartition;
import java.util.concurrent.CompletableFuture;

/**
 * Appends what becomes of webhooks; each future completes with the offset once all replicas have
 * the record.
 */
public interface DeliveryLog {

    /** Appends to {@code webhook-deliveries}. */
    CompletableFuture<Long> delivery(ViewPartition partition, WebhookDelivery delivery);

    /** Appends the tombstone of a delivery. */
    CompletableFuture<Long> forgetDelivery(ViewPartition partition, String id);

    /** Appends to {@code dead-letters}. */
    CompletableFuture<Long> deadLetter(ViewPartition partition, String key, DeadLetter letter);
}
