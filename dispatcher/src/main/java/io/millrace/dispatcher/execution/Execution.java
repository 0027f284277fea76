package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.execution.Verdict.Again;
import io.millrace.dispatcher.execution.Verdict.End;
import io.millrace.dispatcher.execution.Verdict.Later;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.quota.Decision;
import io.millrace.dispatcher.quota.Quota;
import io.millrace.dispatcher.quota.Reservation;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Router;
import io.millrace.dispatcher.routing.Target;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs from their start to a verdict.
 *
 * <pre>
 *   accept ─► ready ─► quota, routing ─► attempt on a virtual thread ─► judge ─┬─► settle
 *               ▲                                                              ├─► again soon
 *               └──────────────────────── a timer ◄────────────────────────────┘   or later
 * </pre>
 *
 * <p>Thread-safe: one lock surrounds the choice of what starts next.
 */
public final class Execution implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    private static final ProviderError BROKEN =
            new ProviderError("internal_error", "the job could not be carried out", "server_error");

    private final ReentrantLock lock = new ReentrantLock();
    private final ReadyJobs ready = new ReadyJobs();
    private final Router router = new Router();
    private final Quota quota = new Quota();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("retry-timer").factory());
    private final Supplier<Catalogue> catalogue;
    private final ProviderPool providers;
    private final Attempts attempts;
    private final Settling settling;
    private final Judge judge;
    private final InstantSource clock;
    private final int mostInFlight;
    private int inFlight;
    private boolean draining;

    Execution(
            Supplier<Catalogue> catalogue,
            ProviderPool providers,
            Attempts attempts,
            Settling settling,
            Judge judge,
            InstantSource clock,
            int mostInFlight) {
        this.catalogue = catalogue;
        this.providers = providers;
        this.attempts = attempts;
        this.settling = settling;
        this.judge = judge;
        this.clock = clock;
        this.mostInFlight = mostInFlight;
        var _ = timer.scheduleWithFixedDelay(this::startWhatCan, 1, 1, TimeUnit.SECONDS);
    }

    /** Takes a job that was read; its source counts it as waiting until it starts or ends. */
    public void accept(Job job) {
        Instant now = clock.instant();
        Catalogue known = catalogue.get();
        Optional<Route> route =
                known.route(job.submit().getModel())
                        .filter(_ ->
                                known.mayUse(job.submit().getKeyId(), job.submit().getModel()));
        List<PriorAttempt> prior = job.slot().priorAttempts(job.source().partition(), job.offset());
        Job counted = settling.withPriorAttempts(job, prior, route, now);
        boolean unknown = prior.stream().anyMatch(attempt -> !attempt.outcomeKnown());
        Optional<Verdict> verdict = judge.before(counted, unknown, delivery(job), now);
        if (verdict.isPresent()) {
            apply(counted, verdict.get(), route);
        } else if (route.isEmpty()) {
            apply(counted, unknownModel(job), route);
        } else {
            job.source().waiting().incrementAndGet();
            enqueue(counted, now);
        }
    }

    /** Returns how many calls run. */
    public int inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    /** Starts nothing any more; what runs goes on. */
    public void drain() {
        lock.lock();
        try {
            draining = true;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        drain();
        timer.shutdownNow();
        providers.close();
    }

    private void enqueue(Job job, Instant now) {
        Instant notBefore = job.submit().getNotBefore();
        if (notBefore != null && notBefore.isAfter(now)) {
            after(Duration.between(now, notBefore), job);
        } else {
            addReady(job);
        }
    }

    private void after(Duration wait, Job job) {
        lock.lock();
        try {
            if (!draining) {
                var _ = timer.schedule(() -> addReady(job), wait.toMillis(), TimeUnit.MILLISECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private void addReady(Job job) {
        lock.lock();
        try {
            ready.add(job);
        } finally {
            lock.unlock();
        }
        startWhatCan();
    }

    private void startWhatCan() {
        lock.lock();
        try {
            while (!draining && inFlight < mostInFlight) {
                Optional<Map.Entry<Job, Optional<Attempt>>> next = ready.next(this::startable);
                if (next.isEmpty()) {
                    return;
                }
                leaveQueue(next.get().getKey());
                next.get().getValue().ifPresent(this::start);
            }
        } finally {
            lock.unlock();
        }
    }

    /**
     * What a job can start with: nothing when it must wait, no attempt when it is to be dropped.
     */
    private Optional<Optional<Attempt>> startable(Job job) {
        if (!job.slot().isOwned()) {
            return Optional.of(Optional.empty());
        }
        try {
            return decide(job, catalogue.get(), clock.instant());
        } catch (RuntimeException e) {
            broke(job, e);
            return Optional.of(Optional.empty());
        }
    }

    private Optional<Optional<Attempt>> decide(Job job, Catalogue known, Instant now) {
        Optional<Route> route = known.route(job.submit().getModel());
        if (job.isExpired(now)) {
            apply(job, Judge.expired(), route);
            return Optional.of(Optional.empty());
        }
        if (route.isEmpty()) {
            apply(job, unknownModel(job), route);
            return Optional.of(Optional.empty());
        }
        Optional<Target> target =
                router.choose(
                        route.get(),
                        each -> providers.load(each, known.provider(each.provider()), now));
        return target.flatMap(chosen ->
                reserve(
                        job,
                        route.get(),
                        chosen,
                        known.provider(chosen.provider()).orElseThrow(),
                        now));
    }

    private Optional<Optional<Attempt>> reserve(
            Job job, Route route, Target target, ProviderState provider, Instant now) {
        TokenBounds bounds = attempts.bounds(job, route);
        NanoDollars most = route.price().cost(usage(bounds));
        Decision decision =
                quota.reserve(
                        new Reservation(
                                job.tenant(),
                                job.id(),
                                bounds.input(),
                                bounds.output(),
                                most,
                                now));
        return switch (decision) {
            case Decision.Granted(_) -> {
                Target concrete = route.concrete(target, job.submit().getModel());
                ProviderPool.Lease lease = providers.acquire(provider);
                yield Optional.of(Optional.of(new Attempt(job, route, concrete, bounds, lease)));
            }
            case Decision.Wait(_, _) -> Optional.empty();
            case Decision.Refused(String code, String message) -> {
                apply(
                        job,
                        Verdict.failed(429, new ProviderError(code, message, code)),
                        Optional.of(route));
                yield Optional.of(Optional.empty());
            }
        };
    }

    private static io.millrace.schemas.money.Usage usage(TokenBounds bounds) {
        return new io.millrace.schemas.money.Usage(
                bounds.input(), bounds.output(), Tokens.NONE, Tokens.NONE, true);
    }

    private void start(Attempt attempt) {
        inFlight++;
        Thread.ofVirtual()
                .name("attempt-", inFlight)
                .start(() -> {
                    try {
                        run(attempt);
                    } finally {
                        ended(attempt);
                    }
                });
    }

    private void run(Attempt attempt) {
        Attempts.Ended ended = attempts.make(attempt);
        switch (ended) {
            case Attempts.Ended.Outcome(Job job, var outcome) -> {
                Instant now = clock.instant();
                Verdict verdict = judge.after(job, outcome, delivery(job), now);
                settling.record(job, verdict, outcome, now);
                apply(job, verdict, Optional.of(attempt.route()));
            }
            case Attempts.Ended.NotMade(Job job, Duration wait) -> again(job, wait);
            case Attempts.Ended.Impossible(Job job, var error) ->
                    apply(job, Verdict.failed(500, error), Optional.of(attempt.route()));
            case Attempts.Ended.Lost() -> {}
        }
    }

    private void ended(Attempt attempt) {
        attempt.lease().release();
        lock.lock();
        try {
            inFlight--;
        } finally {
            lock.unlock();
        }
        startWhatCan();
    }

    private void apply(Job job, Verdict verdict, Optional<Route> route) {
        try {
            switch (verdict) {
                case End end -> settling.end(job, end, route, clock.instant());
                case Later(Duration wait) -> settling.later(job, wait, clock.instant());
                case Again(Duration wait) -> again(job, wait);
            }
        } catch (RuntimeException e) {
            broke(job, e);
        }
    }

    /** Ends a job that cannot be dealt with as it should be: a poor end is better than none. */
    private void broke(Job job, RuntimeException why) {
        LOG.atError().addKeyValue("job", job.id()).setCause(why).log("job cannot be carried out");
        settling.end(job, Verdict.failed(500, BROKEN), Optional.empty(), clock.instant());
    }

    private void again(Job job, Duration wait) {
        LOG.atDebug()
                .addKeyValue("job", job.id())
                .addKeyValue("attempts", job.progress().attempts())
                .log("job is tried again");
        job.source().waiting().incrementAndGet();
        after(wait, job);
    }

    private static void leaveQueue(Job job) {
        job.source().waiting().decrementAndGet();
    }

    private Delivery delivery(Job job) {
        Delivery chosen = job.submit().getRequest().getDelivery();
        return chosen == null || chosen == Delivery.UNKNOWN
                ? catalogue.get().delivery(job.submit().getTenant())
                : chosen;
    }

    private static End unknownModel(Job job) {
        return Verdict.failed(
                404,
                new ProviderError(
                        "model_not_found",
                        "the model '%s' does not exist".formatted(job.submit().getModel()),
                        "invalid_request_error"));
    }
}
