package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.quota.Decision;
import io.millrace.dispatcher.quota.Quota;
import io.millrace.dispatcher.quota.Reservation;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Router;
import io.millrace.dispatcher.routing.Target;
import io.millrace.schemas.avro.ProviderState;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Tokens;
import io.millrace.schemas.money.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Chooses what starts next among the jobs that wait, and starts it: order, target, quota.
 *
 * <p>Thread-safe: one lock surrounds the choice and everything that is reserved by it.
 */
final class Starting implements AutoCloseable {

    /** Takes the verdict on a job that does not start, or not any more. */
    @FunctionalInterface
    interface Verdicts {

        /** Applies the verdict; does not throw. */
        void apply(Job job, Verdict verdict, Optional<Route> route);
    }

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
    private final Consumer<Attempt> course;
    private final Verdicts verdicts;
    private final InstantSource clock;
    private final int mostInFlight;
    private int inFlight;
    private boolean draining;

    /**
     * Makes a place where jobs wait for their start.
     *
     * @param course carries an attempt out, on a thread of its own
     * @param verdicts takes what is decided instead of a start
     */
    Starting(
            Supplier<Catalogue> catalogue,
            ProviderPool providers,
            Attempts attempts,
            Consumer<Attempt> course,
            Verdicts verdicts,
            InstantSource clock,
            int mostInFlight) {
        this.catalogue = catalogue;
        this.providers = providers;
        this.attempts = attempts;
        this.course = course;
        this.verdicts = verdicts;
        this.clock = clock;
        this.mostInFlight = mostInFlight;
        var _ = timer.scheduleWithFixedDelay(this::startWhatCan, 1, 1, TimeUnit.SECONDS);
    }

    /** Takes a job that may start at once, or not before the time it names. */
    void enqueue(Job job) {
        job.source().waiting().incrementAndGet();
        Instant now = clock.instant();
        Instant notBefore = job.submit().getNotBefore();
        if (notBefore != null && notBefore.isAfter(now)) {
            after(Duration.between(now, notBefore), job);
        } else {
            addReady(job);
        }
    }

    /** Takes a job that may start after a wait. */
    void enqueue(Job job, Duration wait) {
        job.source().waiting().incrementAndGet();
        after(wait, job);
    }

    /** Returns how many calls run. */
    int inFlight() {
        lock.lock();
        try {
            return inFlight;
        } finally {
            lock.unlock();
        }
    }

    /** Starts nothing any more; what runs goes on. */
    void drain() {
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
            verdicts.apply(job, Judge.broken(job, e), Optional.empty());
            return Optional.of(Optional.empty());
        }
    }

    private Optional<Optional<Attempt>> decide(Job job, Catalogue known, Instant now) {
        Optional<Route> route = known.route(job.submit().getModel());
        if (job.isExpired(now)) {
            verdicts.apply(job, Judge.expired(), route);
            return Optional.of(Optional.empty());
        }
        if (route.isEmpty()) {
            verdicts.apply(job, Judge.unknownModel(job), route);
            return Optional.of(Optional.empty());
        }
        Optional<Target> target = choose(route.get(), known, now);
        return target.flatMap(chosen ->
                reserve(
                        job,
                        route.get(),
                        chosen,
                        known.provider(chosen.provider()).orElseThrow(),
                        now));
    }

    private Optional<Target> choose(Route route, Catalogue known, Instant now) {
        return router.choose(
                route, each -> providers.load(each, known.provider(each.provider()), now));
    }

    private Optional<Optional<Attempt>> reserve(
            Job job, Route route, Target target, ProviderState provider, Instant now) {
        TokenBounds bounds = attempts.bounds(job, route);
        return switch (quota.reserve(reservation(job, route, bounds, now))) {
            case Decision.Granted(_) -> {
                Target concrete = route.concrete(target, job.submit().getModel());
                ProviderPool.Lease lease = providers.acquire(provider);
                yield Optional.of(Optional.of(new Attempt(job, route, concrete, bounds, lease)));
            }
            case Decision.Wait(_, _) -> Optional.empty();
            case Decision.Refused(String code, String message) -> {
                ProviderError error = new ProviderError(code, message, code);
                verdicts.apply(job, Verdict.failed(429, error), Optional.of(route));
                yield Optional.of(Optional.empty());
            }
        };
    }

    private static Reservation reservation(Job job, Route route, TokenBounds bounds, Instant now) {
        NanoDollars most =
                route.price()
                        .cost(
                                new Usage(
                                        bounds.input(),
                                        bounds.output(),
                                        Tokens.NONE,
                                        Tokens.NONE,
                                        true));
        return new Reservation(job.tenant(), job.id(), bounds.input(), bounds.output(), most, now);
    }

    private void start(Attempt attempt) {
        inFlight++;
        Thread.ofVirtual()
                .name("attempt-", inFlight)
                .start(() -> {
                    try {
                        course.accept(attempt);
                    } finally {
                        ended(attempt);
                    }
                });
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

    private static void leaveQueue(Job job) {
        job.source().waiting().decrementAndGet();
    }
}
