package io.millrace.ingress.webhook;

import io.millrace.ingress.control.Control;
import io.millrace.ingress.submission.DeliveryLog;
import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.DeliveryStatus;
import io.millrace.schemas.avro.SourcePosition;
import io.millrace.schemas.avro.WebhookDelivery;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.topic.Topic;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due, and records what became of it before anything else is done with it: whoever
 * crashes in between has it sent again. Thread-safe.
 */
final class Errands implements Courier.Errand {

    private static final Logger LOG = LoggerFactory.getLogger(Errands.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /** How long an endpoint that is not known may just not be known yet. */
    private static final Duration NEWS = Duration.ofMinutes(1);

    private final Supplier<Control> control;
    private final Routes routes;
    private final Carrier carrier;
    private final DeliveryLog log;
    private final Stopping stopping;
    private final WebhookMeters meters;
    private final InstantSource clock;
    private final RandomGenerator random;

    /** Stops an endpoint whose receiver is gone for good. */
    @FunctionalInterface
    interface Stopping {

        void stop(TenantId tenant, String endpoint);
    }

    Errands(
            Supplier<Control> control,
            Routes routes,
            Carrier carrier,
            DeliveryLog log,
            Stopping stopping,
            WebhookMeters meters,
            InstantSource clock,
            RandomGenerator random) {
        this.control = control;
        this.routes = routes;
        this.carrier = carrier;
        this.log = log;
        this.stopping = stopping;
        this.meters = meters;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public boolean run(WebhookDelivery delivery) throws InterruptedException {
        ViewPartition partition = new DeliveryId(delivery.getDeliveryId()).partition();
        if (delivery.getStatus() != DeliveryStatus.PENDING) {
            recorded(() -> log.forgetDelivery(partition, delivery.getDeliveryId()));
            return true;
        }
        Instant startedAt = clock.instant();
        return switch (routes.of(delivery, control.get(), startedAt)) {
            case Routes.Route.To(Post post) -> {
                Answer answer = carrier.carry(post);
                if (Thread.interrupted()) {
                    // not the receiver's fault: the next owner sends it
                    throw new InterruptedException();
                }
                yield settle(partition, delivery, answer, startedAt);
            }
            case Routes.Route.Nowhere(String why) -> {
                Instant now = clock.instant();
                boolean news = delivery.getHappenedAt().plus(NEWS).isAfter(now);
                yield (news && why.equals(Routes.UNKNOWN))
                        ? settle(partition, delivery, Answer.none(why), startedAt)
                        : giveUp(partition, Course.nowhere(delivery, why, now), why);
            }
        };
    }

    private boolean settle(
            ViewPartition partition, WebhookDelivery delivery, Answer answer, Instant startedAt)
            throws InterruptedException {
        Instant now = clock.instant();
        meters.tried(answer, Duration.between(startedAt, now));
        WebhookDelivery after = Course.after(delivery, answer, startedAt, now, random);
        if (answer.gone() && delivery.getTarget() == null) {
            stopEndpoint(delivery);
        }
        if (after.getStatus() == DeliveryStatus.FAILED) {
            return giveUp(partition, after, answer.gone() ? "gone" : "exhausted");
        }
        recorded(() -> log.delivery(partition, after));
        if (answer.delivered()) {
            meters.ended(after);
        } else {
            LOG.atInfo()
                    .addKeyValue("delivery", delivery.getDeliveryId())
                    .addKeyValue("tenant", delivery.getTenant())
                    .addKeyValue("failures", after.getFailures())
                    .addKeyValue("error", answer.error())
                    .addKeyValue("status", answer.status())
                    .log("webhook was not taken and is tried again");
        }
        return answer.delivered();
    }

    private void stopEndpoint(WebhookDelivery delivery) {
        try {
            stopping.stop(new TenantId(delivery.getTenant()), delivery.getEndpointId());
        } catch (RuntimeException e) {
            // the next event finds it gone again
            LOG.atWarn()
                    .addKeyValue("endpoint", delivery.getEndpointId())
                    .setCause(e)
                    .log("an endpoint that is gone could not be stopped");
        }
    }

    // the letter first: what is given up is never without one
    private boolean giveUp(ViewPartition partition, WebhookDelivery after, String why)
            throws InterruptedException {
        DeadLetter letter =
                DeadLetter.newBuilder()
                        .setSource(
                                new SourcePosition(
                                        Topic.WEBHOOK_DELIVERIES.topicName(),
                                        partition.number(),
                                        -1L))
                        .setTenant(after.getTenant())
                        .setReason("webhook_" + why)
                        .setMessage(
                                "The event %s did not reach the endpoint %s after %d tries."
                                        .formatted(
                                                after.getEventId(),
                                                after.getEndpointId(),
                                                after.getFailures()))
                        .setKey(
                                ByteBuffer.wrap(
                                        after.getDeliveryId().getBytes(StandardCharsets.UTF_8)))
                        .setValue(
                                ByteBuffer.wrap(
                                        Event.body(
                                                after.getEventId(),
                                                after.getEventType(),
                                                after.getSubjectId(),
                                                after.getHappenedAt())))
                        .setFoundAt(clock.instant())
                        .build();
        recorded(() -> log.deadLetter(partition, after.getDeliveryId(), letter));
        recorded(() -> log.delivery(partition, after));
        meters.ended(after);
        LOG.atWarn()
                .addKeyValue("delivery", after.getDeliveryId())
                .addKeyValue("tenant", after.getTenant())
                .addKeyValue("endpoint", after.getEndpointId())
                .addKeyValue("reason", why)
                .log("webhook is given up");
        return false;
    }

    private static void recorded(Supplier<CompletableFuture<Long>> write)
            throws InterruptedException {
        while (true) {
            try {
                var _ = write.get().get();
                return;
            } catch (ExecutionException e) {
                LOG.atWarn().setCause(e).log("what became of a webhook could not be recorded yet");
                Thread.sleep(PAUSE);
            }
        }
    }
}
