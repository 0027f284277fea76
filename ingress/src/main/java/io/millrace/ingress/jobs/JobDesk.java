package io.millrace.ingress.jobs;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.millrace.ingress.admission.Admission;
import io.millrace.ingress.admission.JobWish;
import io.millrace.ingress.admission.QueueQuota;
import io.millrace.ingress.admission.Reading;
import io.millrace.ingress.admission.Verdict;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.submission.Order;
import io.millrace.ingress.submission.Submission;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.id.IdFactory;
import io.millrace.servicekit.trace.TraceParent;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Takes wishes in: asks admission, and hands what it admits to submission. Thread-safe. */
public final class JobDesk {

    private final Supplier<Control> control;
    private final Submission submission;
    private final JobView view;
    private final QueueGate queue;
    private final JobMeters meters;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final IdFactory ids;

    /** Wires the desk. */
    public JobDesk(
            Supplier<Control> control,
            Submission submission,
            JobView view,
            QueueGate queue,
            JobMeters meters,
            InstantSource clock,
            RandomGenerator random) {
        this.control = control;
        this.submission = submission;
        this.view = view;
        this.queue = queue;
        this.meters = meters;
        this.clock = clock;
        this.random = random;
        this.ids = new IdFactory(random);
    }

    /**
     * Returns the job that a wish became.
     *
     * @param body of the inference, JSON in UTF-8
     * @throws ApiException when it may not become one
     */
    JobAccepted take(
            ServerRequest request,
            Caller caller,
            Reading reading,
            BodyOf body,
            boolean synchronous) {
        try {
            JobWish wish = wish(reading);
            Instant now = Instant.ofEpochMilli(clock.millis());
            @Nullable Instant expiresAt = expiry(wish, caller, now);
            Order order =
                    new Order(
                            ids.job(view.anyOwned()),
                            caller.tenant(),
                            caller.keyId(),
                            wish.endpoint(),
                            body.bytes(wish),
                            wish.model(),
                            wish.tier(),
                            now,
                            expiresAt,
                            wish.metadata(),
                            synchronous,
                            synchronous ? null : charge(wish),
                            trace(request));
            JobAccepted accepted = synchronous ? submission.submit(order) : queued(order);
            meters.accepted(synchronous);
            return accepted;
        } catch (ApiException e) {
            meters.refused(e.error().code());
            throw e;
        }
    }

    // a wish that is refused or cannot be written leaves the queue at once
    private JobAccepted queued(Order order) {
        Long tokens = order.queuedTokens();
        queue.enter(order.id(), order.tenant(), tokens == null ? 0 : tokens);
        try {
            JobAccepted accepted = submission.submit(order);
            queue.accepted(order.id(), order.tenant());
            return accepted;
        } catch (RuntimeException e) {
            queue.leave(order.id(), order.tenant());
            throw e;
        }
    }

    private long charge(JobWish wish) {
        return QueueQuota.charge(wish.endpoint(), wish.body(), wish.model(), control.get());
    }

    /** Returns what reading found, or ends the request. */
    static JobWish wish(Reading reading) {
        return switch (reading) {
            case Reading.Read(JobWish wish) -> wish;
            case Reading.Unreadable(var error) -> throw new ApiException(error);
        };
    }

    private @Nullable Instant expiry(JobWish wish, Caller caller, Instant now) {
        return switch (Admission.judge(wish, caller, control.get(), now)) {
            case Verdict.Admitted(Instant expiresAt) -> expiresAt;
            case Verdict.Refused(var error) -> throw new ApiException(error);
        };
    }

    private TraceParent trace(ServerRequest request) {
        return request.headers()
                .first(HeaderNames.create("traceparent"))
                .flatMap(TraceParent::parse)
                .map(parent -> parent.child(random))
                .orElseGet(() -> TraceParent.start(random));
    }

    /** How the bytes of the inference's body are got. */
    @FunctionalInterface
    interface BodyOf {

        /** Returns JSON in UTF-8. */
        byte[] bytes(JobWish wish);
    }
}
