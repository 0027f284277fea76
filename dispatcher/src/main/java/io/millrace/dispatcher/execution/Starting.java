package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.quota.Use;
import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.dispatcher.routing.Capacity;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.Route;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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

    private static final Logger LOG = LoggerFactory.getLogger(Starting.class);
    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int FORGET_TICKS = 10;
    private static final Duration FORGET_AFTER = Duration.ofMinutes(10);

    private static final Duration SHORTEST_NAP = Duration.ofMillis(2);
    private static final Duration LONGEST_NAP = Duration.ofSeconds(1); // the tick comes by then

    private final ReentrantLock lock = new ReentrantLock();
    private final ReadyJobs ready = new ReadyJobs();
    private final Paces paces = new Paces();
    private final Map<String, Job> paused = new HashMap<>();
    private final Supplier<Catalogue> catalogue;
    private final Targets targets;
    private final Chances chances;
    private final Consumer<List<Capacity.Standing>> standings;
    private final Attempts attempts;
    private final Allowance allowance;
    private final Function<Attempt, Use> course;
    private final Verdicts verdicts;
    private final Background background;
    private final InstantSource clock;
    private final int mostInFlight;
    private Catalogue limits = Catalogue.EMPTY;
    private Instant alarm = Instant.MAX;
    private int ticks;
    private int inFlight;
    private boolean draining;
    private boolean napping;

    /**
     * Makes a place where jobs wait for their start.
     *
     * @param standings takes how the targets stand, once a second
     * @param allowance what tenants may start
     * @param course carries an attempt out, on a thread of its own; returns what it used, which the
     *     allowance knows by then
     * @param verdicts takes what is decided instead of a start
     */
    Starting(
            Supplier<Catalogue> catalogue,
            Targets targets,
            Consumer<List<Capacity.Standing>> standings,
            Attempts attempts,
            Allowance allowance,
            Function<Attempt, Use> course,
            Verdicts verdicts,
            Background background,
            InstantSource clock,
            int mostInFlight) {
        this.catalogue = catalogue;
        this.targets = targets;
        this.chances = new Chances(catalogue, targets, allowance, verdicts, clock);
        this.standings = standings;
        this.attempts = attempts;
        this.allowance = allowance;
        this.course = course;
        this.verdicts = verdicts;
        this.background = background;
        this.clock = clock;
        this.mostInFlight = mostInFlight;
        background.every(TICK, this::tick);
    }

    /** Takes a job that may start at once, or not before the time it names. */
    void enqueue(Job job) {
        job.source().waits(job.submit().getTenant(), job.bytes());
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
        job.source().waits(job.submit().getTenant(), job.bytes());
        after(wait, job);
    }

    /** Something that a tenant's quota held is free, for another reason than a call that ended. */
    void freed(Job job) {
        lock.lock();
        try {
            ready.quotaFreed(job.submit().getTenant(), false);
        } finally {
            lock.unlock();
        }
        startWhatCan();
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
        background.close();
    }

    /** Returns how fast a tenant's jobs start when they are there. */
    Pace pace(TenantId tenant) {
        return paces.of(tenant);
    }

    /** Returns where a job stands that waits in this process. */
    Optional<QueuePlace> place(String jobId) {
        lock.lock();
        try {
            Job later = paused.get(jobId);
            return later == null
                    ? ready.place(jobId)
                    : Optional.of(new QueuePlace(later.tenant(), 0, WaitReason.PAUSE));
        } finally {
            lock.unlock();
        }
    }

    /** Returns how many jobs wait, by reason. */
    Map<WaitReason, Integer> waiting() {
        lock.lock();
        try {
            Map<WaitReason, Integer> counts = ready.waiting();
            if (!paused.isEmpty()) {
                counts.put(WaitReason.PAUSE, paused.size());
            }
            return counts;
        } finally {
            lock.unlock();
        }
    }

    private void after(Duration wait, Job job) {
        lock.lock();
        try {
            if (!draining) {
                paused.put(job.submit().getJobId(), job);
                background.after(wait, () -> resume(job));
            }
        } finally {
            lock.unlock();
        }
    }

    /** Lets a pause end, unless its job has expired in it. */
    private void resume(Job job) {
        lock.lock();
        try {
            if (!paused.remove(job.submit().getJobId(), job)) {
                return;
            }
        } finally {
            lock.unlock();
        }
        addReady(job);
    }

    private void addReady(Job job) {
        lock.lock();
        try {
            Catalogue known = catalogue.get();
            TokenBounds bounds =
                    known.route(job.submit().getModel())
                            .map(route -> attempts.bounds(job, route))
                            .orElse(new TokenBounds(Tokens.NONE, Tokens.NONE));
            double weight =
                    known.tenant(job.submit().getTenant()).map(TenantState::getWeight).orElse(1.0);
            ready.add(job, bounds, weight);
        } catch (RuntimeException e) {
            leaveQueue(job);
            verdicts.apply(job, Judge.broken(job, e), Optional.empty());
        } finally {
            lock.unlock();
        }
        startWhatCan();
    }

    /** Does once a second what nobody else gives the occasion for. */
    private void tick() {
        lock.lock();
        try {
            Instant now = clock.instant();
            List<Capacity.Standing> stand = targets.standings(now);
            standings.accept(stand);
            paces.reckon(ready.shares(), catalogue.get(), stand, mostInFlight, now);
            ready.lost().forEach(each -> leaveQueue(each.job()));
            ready.expired(now).forEach(each -> expire(each.job()));
            for (Job each : List.copyOf(paused.values())) {
                if (each.isExpired(now) && paused.remove(each.submit().getJobId(), each)) {
                    expire(each);
                }
            }
            if (++ticks % FORGET_TICKS == 0) {
                ready.forgetIdle(now.minus(FORGET_AFTER));
                allowance.forget(now);
                ready.quotasChanged(); // what was held by calls beyond their deadlines is free
            }
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("waiting jobs cannot be looked through");
        } finally {
            lock.unlock();
        }
        startWhatCan();
    }

    private void expire(Job job) {
        leaveQueue(job);
        if (job.isWanted()) {
            verdicts.apply(job, Judge.expired(), Optional.empty());
        }
    }

    private void startWhatCan() {
        lock.lock();
        try {
            Instant now = clock.instant();
            look(now);
            while (!draining && inFlight < mostInFlight) {
                Optional<ReadyJobs.Taken<Attempt>> next = ready.next(now, chances::of);
                if (next.isEmpty()) {
                    break;
                }
                leaveQueue(next.get().waiting().job());
                next.get().start().ifPresent(attempt -> start(attempt, next.get().waiting()));
            }
            setAlarm(now);
            awaitTargets();
        } finally {
            lock.unlock();
        }
    }

    /** Asks anew what may have changed since the last time. */
    private void look(Instant now) {
        Catalogue known = catalogue.get();
        if (known != limits) {
            limits = known;
            ready.quotasChanged();
        }
        ready.targetsChanged();
        ready.timeCame(now);
    }

    private void setAlarm(Instant now) {
        if (!alarm.isAfter(now)) {
            alarm = Instant.MAX;
        }
        Optional<Instant> next = ready.nextAlarm().filter(at -> at.isBefore(alarm));
        if (next.isPresent() && !draining) {
            alarm = next.get();
            long wait = Math.max(1, Duration.between(now, alarm).toMillis());
            background.after(Duration.ofMillis(wait), this::startWhatCan);
        }
    }

    /** Looks again when a limit a minute lets the next call go: nothing else tells of that. */
    private void awaitTargets() {
        Duration wait = targets.soonest();
        if (wait.compareTo(LONGEST_NAP) < 0 && !draining && !napping) {
            napping = true;
            background.after(wait.compareTo(SHORTEST_NAP) < 0 ? SHORTEST_NAP : wait, this::wake);
        }
    }

    private void wake() {
        lock.lock();
        try {
            napping = false;
        } finally {
            lock.unlock();
        }
        startWhatCan();
    }

    /** Returns whether a call of the model could go somewhere at once. */
    boolean isOpen(Route route) {
        lock.lock();
        try {
            return targets.isOpen(route, catalogue.get(), clock.instant());
        } finally {
            lock.unlock();
        }
    }

    private void start(Attempt attempt, Waiting waiting) {
        inFlight++;
        Instant begun = clock.instant();
        background.run(
                "attempt-" + inFlight,
                () -> {
                    Use use = new Use.NotCalled();
                    try {
                        use = course.apply(attempt);
                    } finally {
                        ended(attempt, waiting, use, begun);
                    }
                });
    }

    private void ended(Attempt attempt, Waiting waiting, Use use, Instant begun) {
        attempt.lease().release();
        allowance.ended(attempt.job(), use);
        lock.lock();
        try {
            inFlight--;
            settleCharge(waiting, use);
            if (!(use instanceof Use.NotCalled)) {
                ready.took(waiting, Duration.between(begun, clock.instant()));
            }
            ready.quotaFreed(attempt.job().submit().getTenant(), use instanceof Use.NotCalled);
        } finally {
            lock.unlock();
        }
        startWhatCan();
    }

    private void settleCharge(Waiting waiting, Use use) {
        switch (use) {
            case Use.Known(Tokens tokens, _) ->
                    ready.ended(
                            waiting,
                            tokens.count() - waiting.charge(),
                            Math.max(0, tokens.count() - waiting.bounds().input().count()));
            case Use.Nothing(), Use.NotCalled() -> ready.ended(waiting, -waiting.charge(), -1);
            case Use.Unknown() -> ready.ended(waiting, 0, -1);
        }
    }

    private static void leaveQueue(Job job) {
        job.source().waitsNoMore(job.submit().getTenant(), job.bytes());
    }
}
