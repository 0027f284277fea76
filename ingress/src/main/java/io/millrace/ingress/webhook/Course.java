package io.millrace.ingress.webhook;

import io.millrace.schemas.avro.DeliveryStatus;
import io.millrace.schemas.avro.DeliveryTry;
import io.millrace.schemas.avro.WebhookDelivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The course of a delivery from one recorded state to the next. Pure. */
final class Course {

    private static final int MOST_TRIES_KEPT = 16;

    private Course() {}

    /** Returns the delivery after a try. */
    static WebhookDelivery after(
            WebhookDelivery before,
            Answer answer,
            Instant startedAt,
            Instant now,
            RandomGenerator random) {
        WebhookDelivery.Builder after =
                WebhookDelivery.newBuilder(before)
                        .setTries(
                                with(
                                        before.getTries(),
                                        new DeliveryTry(
                                                startedAt,
                                                Duration.between(startedAt, now).toMillis(),
                                                answer.status(),
                                                answer.error())));
        if (answer.delivered()) {
            return ended(after, DeliveryStatus.DELIVERED, now);
        }
        int failures = before.getFailures() + 1;
        after.setFailures(failures);
        Optional<Duration> wait = answer.gone() ? Optional.empty() : Ladder.after(failures, random);
        return wait.isPresent()
                ? after.setDueAt(now.plus(wait.get())).build()
                : ended(after, DeliveryStatus.FAILED, now);
    }

    /** Returns the delivery given up without a try: there is nowhere to send it. */
    static WebhookDelivery nowhere(WebhookDelivery before, String why, Instant now) {
        return ended(
                WebhookDelivery.newBuilder(before)
                        .setTries(with(before.getTries(), new DeliveryTry(now, 0L, null, why))),
                DeliveryStatus.FAILED,
                now);
    }

    /** Returns the delivery as one that is wished again. */
    static WebhookDelivery again(WebhookDelivery before, Instant now) {
        return WebhookDelivery.newBuilder(before)
                .setStatus(DeliveryStatus.PENDING)
                .setDueAt(now)
                .setEndedAt(null)
                .setFailures(0)
                .setResends(before.getResends() + 1)
                .build();
    }

    private static WebhookDelivery ended(
            WebhookDelivery.Builder delivery, DeliveryStatus status, Instant now) {
        return delivery.setStatus(status).setDueAt(null).setEndedAt(now).build();
    }

    private static List<DeliveryTry> with(List<DeliveryTry> before, DeliveryTry last) {
        List<DeliveryTry> tries = new ArrayList<>(before);
        tries.add(last);
        return tries.subList(Math.max(0, tries.size() - MOST_TRIES_KEPT), tries.size());
    }
}
