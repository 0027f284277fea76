package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.quota.Decision;
import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.Route;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Decides what comes of a job whose turn it is: it starts, waits for a target or its quota, or
 * ends. Not thread-safe: the lock of {@link Starting} surrounds it and all that it reserves.
 */
final class Chances {

    private final Supplier<Catalogue> catalogue;
    private final Targets targets;
    private final Allowance allowance;
    private final Starting.Verdicts verdicts;
    private final InstantSource clock;

    Chances(
            Supplier<Catalogue> catalogue,
            Targets targets,
            Allowance allowance,
            Starting.Verdicts verdicts,
            InstantSource clock) {
        this.catalogue = catalogue;
        this.targets = targets;
        this.allowance = allowance;
        this.verdicts = verdicts;
        this.clock = clock;
    }

    /** Returns what comes of a job whose turn it is; what it is given is reserved. */
    Chance<Attempt> of(Waiting waiting) {
        Job job = waiting.job();
        if (!job.isWanted()) {
            return new Chance.Gone<>();
        }
        try {
            return decide(waiting, catalogue.get(), clock.instant());
        } catch (RuntimeException e) {
            verdicts.apply(job, Judge.broken(job, e), Optional.empty());
            return new Chance.Gone<>();
        }
    }

    private Chance<Attempt> decide(Waiting waiting, Catalogue known, Instant now) {
        Job job = waiting.job();
        Optional<Route> route = known.route(job.submit().getModel());
        if (job.isExpired(now)) {
            return gone(job, Judge.expired(), route);
        }
        if (route.isEmpty()) {
            return gone(job, Judge.unknownModel(job), route);
        }
        return switch (targets.choose(job, waiting.bounds(), route.get(), known, now)) {
            case Targets.Choice.At at -> reserve(waiting, at, now);
            case Targets.Choice.None() -> new Chance.NoTarget<>();
            case Targets.Choice.NoRetry() -> gone(job, Judge.noRetry(job, now), route);
        };
    }

    private Chance<Attempt> gone(Job job, Verdict verdict, Optional<Route> route) {
        verdicts.apply(job, verdict, route);
        return new Chance.Gone<>();
    }

    private Chance<Attempt> reserve(Waiting waiting, Targets.Choice.At at, Instant now) {
        Job job = waiting.job();
        Route route = at.route();
        TokenBounds bounds = waiting.bounds();
        return switch (allowance.reserve(job, route, bounds, now)) {
            case Decision.Granted() -> {
                ProviderPool.Lease lease = targets.acquire(at, job, bounds, now);
                yield new Chance.Go<>(new Attempt(job, route, at.called(job), bounds, lease));
            }
            case Decision.Wait(Instant until, WaitReason reason) ->
                    new Chance.NotYet<>(until, reason);
            case Decision.Refused(int status, String code, String message, var retryAfter) ->
                    gone(
                            job,
                            Verdict.failed(status, new ProviderError(code, message, code))
                                    .after(retryAfter),
                            Optional.of(route));
        };
    }
}
