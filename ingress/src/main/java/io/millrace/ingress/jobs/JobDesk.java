package io.millrace.ingress.jobs;

import io.helidon.http.HeaderNames;
import io.helidon.webserver.http.ServerRequest;
import io.millrace.ingress.admission.Admission;
import io.millrace.ingress.admission.Fingerprint;
import io.millrace.ingress.admission.JobWish;
import io.millrace.ingress.admission.QueueQuota;
import io.millrace.ingress.admission.Reading;
import io.millrace.ingress.admission.Verdict;
import io.millrace.ingress.admission.WebhookGate;
import io.millrace.ingress.admission.WebhookWish;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.IdempotencyKey;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.KeyedIds;
import io.millrace.ingress.submission.Order;
import io.millrace.ingress.submission.Submission;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.id.IdFactory;
import io.millrace.schemas.id.JobId;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.trace.TraceParent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
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
    private final Keys keys;
    private final WebhookGate webhooks;

    /**
     * What is needed for wishes with idempotency keys.
     *
     * @param ids of what they become
     * @param jobs what they became at this ingress
     * @param forwarding to the ingress that has to decide
     */
    public record Keys(KeyedIds ids, KeyedJobs jobs, KeyForwarding forwarding) {}

    /** Wires the desk. */
    public JobDesk(
            Supplier<Control> control,
            Submission submission,
            JobView view,
            QueueGate queue,
            Keys keys,
            WebhookGate webhooks,
            JobMeters meters,
            InstantSource clock,
            RandomGenerator random) {
        this.control = control;
        this.submission = submission;
        this.view = view;
        this.queue = queue;
        this.keys = keys;
        this.webhooks = webhooks;
        this.meters = meters;
        this.clock = clock;
        this.random = random;
        this.ids = new IdFactory(random);
    }

    /**
     * Returns the job that a wish became, or had become before by its idempotency key.
     *
     * @throws ApiException when it may not become one
     */
    Taken.Job take(ServerRequest request, Caller caller, Reading reading, Sent sent) {
        try {
            JobWish wish = wish(reading);
            Wanted wanted = new Wanted(request, caller, wish, sent);
            Optional<IdempotencyKey> key = IdempotencyKey.of(request);
            return key.isPresent() ? keyed(wanted, key.get()) : fresh(wanted);
        } catch (ApiException e) {
            meters.refused(e.error().code());
            throw e;
        }
    }

    /** Who wants what, and how it came. */
    private record Wanted(ServerRequest request, Caller caller, JobWish wish, Sent sent) {}

    private Taken.Job fresh(Wanted wanted) {
        Order order = order(wanted, ids.job(view.anyOwned()), wanted.sent.call(wanted.wish), null);
        JobAccepted accepted = order.synchronous() ? submission.submit(order) : queued(order);
        meters.accepted(order.synchronous());
        return new Taken.New(accepted);
    }

    private Taken.Job keyed(Wanted wanted, IdempotencyKey key) {
        JobId id = keys.ids().job(wanted.caller.tenant(), key);
        String fingerprint = Fingerprint.of(wanted.wish);
        KeyedEntry entry = new KeyedEntry(queue);
        try {
            Optional<Taken> taken =
                    keys.jobs()
                            .take(
                                    id,
                                    fingerprint,
                                    () -> {
                                        Order order =
                                                order(
                                                        wanted,
                                                        id,
                                                        Json.bytes(wanted.wish.body()),
                                                        fingerprint);
                                        entry.enter(order);
                                        return submission.records(order);
                                    });
            Taken.Job job = taken.isPresent() ? job(taken.get()) : elsewhere(wanted, id);
            if (taken.isPresent() && job instanceof Taken.New) {
                entry.accepted();
                meters.accepted(wanted.sent.synchronous());
            }
            return job;
        } finally {
            entry.close();
        }
    }

    private Taken.Job elsewhere(Wanted wanted, JobId id) {
        if (wanted.sent.forwarded()) {
            throw new UnavailableException(
                    "This part of the job view is moving.", Duration.ofSeconds(1));
        }
        return keys.forwarding().forward(id.viewPartition(), wanted.request, wanted.sent);
    }

    private static Taken.Job job(Taken taken) {
        return switch (taken) {
            case Taken.Job job -> job;
            case Taken.OtherWish() -> throw IdempotencyKey.reused();
            case Taken.Deleted() -> throw OwnJobs.missing();
        };
    }

    private Order order(Wanted wanted, JobId id, byte[] body, @Nullable String fingerprint) {
        JobWish wish = wanted.wish;
        Instant now = Instant.ofEpochMilli(clock.millis());
        @Nullable Instant expiresAt = expiry(wish, wanted.caller, now);
        boolean synchronous = wanted.sent.synchronous();
        return new Order(
                id,
                wanted.caller.tenant(),
                wanted.caller.keyId(),
                wish.endpoint(),
                body,
                wish.model(),
                wish.tier(),
                now,
                expiresAt,
                wish.metadata(),
                synchronous,
                synchronous ? null : charge(wish),
                fingerprint,
                events(wanted),
                trace(wanted.request));
    }

    // of calls that wait for their result nobody else is told
    private Order.Events events(Wanted wanted) {
        if (wanted.sent.synchronous()) {
            return Order.Events.NONE;
        }
        WebhookWish webhook = wanted.wish.webhook();
        return new Order.Events(
                "job", webhook == null ? null : webhooks.admit(wanted.caller.tenant(), webhook));
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
}
