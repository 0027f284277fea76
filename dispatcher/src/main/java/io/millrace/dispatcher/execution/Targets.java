package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.routing.Capacity;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.Load;
import io.millrace.dispatcher.routing.Need;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Router;
import io.millrace.dispatcher.routing.Target;
import io.millrace.schemas.avro.ProviderState;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Where a job's next call goes: to a target of its model, or to one of a fallback model while all
 * of the model's own are out. Not thread-safe: {@link Starting} locks.
 */
final class Targets {

    /** What there is for a job. */
    sealed interface Choice {

        /**
         * A target with room.
         *
         * @param target as the route has it, perhaps with a star
         */
        record At(Route route, Target target, ProviderState provider) implements Choice {

            /** Returns the target as it is called. */
            Target called(Job job) {
                String asked = job.submit().getModel();
                return route.concrete(target, isFallback(asked) ? route.model() : asked);
            }

            private boolean isFallback(String asked) {
                String model = route.model();
                return !model.endsWith("*") && !model.equals(asked);
            }
        }

        /** No target has room now. */
        record None() implements Choice {}

        /** A target has room, but for retries its budget is spent. */
        record NoRetry() implements Choice {}
    }

    private final ProviderPool providers;
    private final Router router;
    private Catalogue last = Catalogue.EMPTY;
    private Duration soonest = Duration.ofDays(1);

    Targets(ProviderPool providers, RandomGenerator random) {
        this.providers = providers;
        this.router = new Router(random);
    }

    /** Chooses the target of a job's next call. */
    Choice choose(Job job, TokenBounds bounds, Route route, Catalogue known, Instant now) {
        if (known != last) {
            last = known;
            providers.retain(known.providers());
        }
        Function<Target, Load> loads = loads(known, need(bounds), now);
        Route taken =
                router.isOut(route, loads)
                        ? router.fallback(route, known::route, loads).orElse(route)
                        : route;
        Optional<Target> target = router.choose(taken, loads);
        if (target.isEmpty()) {
            return new Choice.None();
        }
        ProviderState provider = known.provider(target.get().provider()).orElseThrow();
        boolean retry = job.progress().attempts() > 0;
        return retry && !providers.mayRetry(target.get(), provider)
                ? new Choice.NoRetry()
                : new Choice.At(taken, target.get(), provider);
    }

    /** Takes hold of the target that was chosen. */
    ProviderPool.Lease acquire(Choice.At choice, Job job, TokenBounds bounds, Instant now) {
        boolean retry = job.progress().attempts() > 0;
        return providers.acquire(choice.target(), choice.provider(), need(bounds), retry, now);
    }

    /** Returns after what time a limit a minute lets the next call go, and forgets it. */
    Duration soonest() {
        Duration wait = soonest;
        soonest = Duration.ofDays(1);
        return wait;
    }

    /** Returns whether a call of the model could go somewhere now, own target or fallback. */
    boolean isOpen(Route route, Catalogue known, Instant now) {
        Function<Target, Load> loads = loads(known, Need.NONE, now);
        return !router.isOut(route, loads)
                || router.fallback(route, known::route, loads).isPresent();
    }

    private Function<Target, Load> loads(Catalogue known, Need need, Instant now) {
        return target -> {
            Load load = providers.load(target, known.provider(target.provider()), () -> need, now);
            if (load.delay().isPositive() && load.delay().compareTo(soonest) < 0) {
                soonest = load.delay();
            }
            return load;
        };
    }

    private static Need need(TokenBounds bounds) {
        return new Need(bounds.input().count(), bounds.output().count());
    }

    /** Returns how all targets stand. */
    List<Capacity.Standing> standings(Instant now) {
        return providers.standings(now);
    }
}
