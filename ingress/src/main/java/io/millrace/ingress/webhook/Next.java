package io.millrace.ingress.webhook;

import io.millrace.schemas.avro.DeliveryStatus;
import io.millrace.schemas.avro.WebhookDelivery;
import java.time.Duration;
import java.time.Instant;

/**
 * What is to be done next with a delivery: to send it, or to forget it after a time.
 *
 * @param line those of one receiver wait in one line
 * @param dueMillis when
 */
record Next(String line, long dueMillis) {

    /** The line in which what has ended waits for being forgotten. */
    static final String ENDED = "!ended";

    /** How long a delivery is listed after its end. */
    static final Duration KEPT = Duration.ofDays(7);

    private static final String MARK = "~";
    private static final int LINES_OF_WISHES = 256;

    /** Returns what follows from the state of a delivery. */
    static Next of(WebhookDelivery delivery) {
        Instant due = delivery.getDueAt();
        if (delivery.getStatus() == DeliveryStatus.PENDING && due != null) {
            return new Next(line(delivery), due.toEpochMilli());
        }
        Instant ended = delivery.getEndedAt();
        return new Next(
                ENDED,
                (ended == null ? delivery.getHappenedAt() : ended).plus(KEPT).toEpochMilli());
    }

    /** Returns whose deliveries stand in a line: a tenant's, or all that have ended. */
    static String owner(String line) {
        int end = line.indexOf(MARK);
        return end < 0 ? line : line.substring(0, end);
    }

    /** Returns whether there is something to send. */
    boolean sends() {
        return !line.equals(ENDED);
    }

    // addresses of wishes are many: each tenant's share lines, so that lines stay few
    private static String line(WebhookDelivery delivery) {
        String line = delivery.getTenant() + MARK + delivery.getEndpointId();
        var target = delivery.getTarget();
        return target == null
                ? line
                : line
                        + MARK
                        + Math.floorMod(
                                AddressRule.origin(target.getUrl()).hashCode(), LINES_OF_WISHES);
    }
}
