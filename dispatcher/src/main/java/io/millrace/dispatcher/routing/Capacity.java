package io.millrace.dispatcher.routing;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What every target and provider can take now, and what runs there. Time and limits are arguments;
 * not thread-safe.
 *
 * <p>A target has its controller, retry budget, predicted output and latency; a provider the calls
 * at the same time and the limits a minute that its targets share.
 */
public final class Capacity {

    // a word of the provider that binds for longer would stop us on an old figure
    private static final Duration LONGEST_WORD = Duration.ofSeconds(10);

    private record Place(String provider, String model) {}

    private static final class Spot {
        private final TargetController controller;
        private final RetryBudget retries = new RetryBudget();
        private final PredictedOutput output = new PredictedOutput();
        private final PeakLatency latency = new PeakLatency();

        private Spot(int calls) {
            this.controller = new TargetController(calls);
        }
    }

    private static final class Whole {
        private final RateWindow requests = new RateWindow(ProviderLimits.UNLIMITED);
        private final RateWindow tokens = new RateWindow(ProviderLimits.UNLIMITED);
        private int inFlight;
        private int calls;

        private void resize(ProviderLimits limits) {
            calls = limits.calls();
            requests.resize(limits.requests());
            tokens.resize(limits.tokens());
        }
    }

    /** One call that runs. To be ended once. */
    public static final class Running {
        private final Spot spot;
        private final Whole whole;
        private final TargetController.Hold hold;
        private final long tokens;
        private final boolean retry;
        private final Instant since;
        private boolean ended;

        private Running(Spot spot, Whole whole, long tokens, boolean retry, Instant since) {
            this.spot = spot;
            this.whole = whole;
            this.hold = spot.controller.start(since);
            this.tokens = tokens;
            this.retry = retry;
            this.since = since;
        }
    }

    /**
     * How a target stands.
     *
     * @param limit calls that may run at the same time
     * @param retriesLeft retries that its budget allows
     */
    public record Standing(
            Target target,
            TargetController.State state,
            int limit,
            int inFlight,
            double retriesLeft) {}

    private final Map<Place, Spot> spots = new HashMap<>();
    private final Map<String, Whole> wholes = new HashMap<>();

    /** Returns how loaded a target is. */
    public Load load(Target target, ProviderLimits limits, Supplier<Need> need, Instant now) {
        Spot spot = spot(target, limits);
        Whole whole = whole(target, limits);
        int limit = spot.controller.limit(now);
        int inFlight = spot.controller.inFlight();
        boolean full = whole.inFlight >= whole.calls;
        Duration wait = whole.requests.delay(1, now);
        if (inFlight < limit
                && !full
                && wait.isZero()
                && limits.tokens() < ProviderLimits.UNLIMITED) {
            wait = whole.tokens.delay(tokens(spot, need.get()), now);
        }
        return new Load(
                full ? Math.max(inFlight, limit) : inFlight, limit, wait, spot.latency.value());
    }

    /** Returns whether a call that was made before may be made again there. */
    public boolean mayRetry(Target target, ProviderLimits limits) {
        return spot(target, limits).retries.hasRoom();
    }

    /** Starts a call; it is charged with what it will probably use. */
    public Running start(
            Target target, ProviderLimits limits, Need need, boolean retry, Instant now) {
        Spot spot = spot(target, limits);
        Whole whole = whole(target, limits);
        if (retry) {
            spot.retries.retry();
        } else {
            spot.retries.first();
        }
        long tokens = tokens(spot, need);
        whole.requests.charge(1, now);
        whole.tokens.charge(tokens, now);
        whole.inFlight++;
        return new Running(spot, whole, tokens, retry, now);
    }

    /**
     * Ends a call that reached the target.
     *
     * @param used tokens of input and output, when they are known
     * @param output tokens of output, when they are known
     */
    public void end(
            Running call, Signal signal, OptionalLong used, OptionalLong output, Instant now) {
        if (finish(call, signal, now)) {
            used.ifPresent(
                    tokens -> call.whole.tokens.correct(tokens - call.tokens, call.since, now));
            output.ifPresent(call.spot.output::observe);
            if (signal instanceof Signal.Answered) {
                call.spot.latency.observe(Duration.between(call.since, now), now);
                if (call.retry) {
                    call.spot.retries.refund();
                }
            }
        }
    }

    /** Ends a call that was not made, if it has not ended yet: nothing is charged for it. */
    public void drop(Running call, Instant now) {
        if (finish(call, new Signal.Nothing(), now)) {
            call.whole.requests.correct(-1, call.since, now);
            call.whole.tokens.correct(-call.tokens, call.since, now);
            if (call.retry) {
                call.spot.retries.refund();
            }
        }
    }

    /**
     * Takes a provider's word on the requests that are left; calls on their way may not be in it
     * yet.
     */
    public void tellRequests(String provider, long left, Instant until, Instant now) {
        Whole whole = wholes.get(provider);
        if (whole != null) {
            whole.requests.tell(left - whole.inFlight, word(until, now));
        }
    }

    /** Takes a provider's word on the tokens that are left. */
    public void tellTokens(String provider, long left, Instant until, Instant now) {
        Whole whole = wholes.get(provider);
        if (whole != null) {
            whole.tokens.tell(left, word(until, now));
        }
    }

    /** Forgets what control does not name any more; calls that run there end as they would. */
    public void retain(Set<String> providers) {
        wholes.keySet().retainAll(providers);
        spots.keySet().removeIf(place -> !providers.contains(place.provider()));
    }

    /** Returns how all targets that were asked for stand. */
    public List<Standing> standings(Instant now) {
        return spots.entrySet().stream()
                .map(entry -> standing(entry.getKey(), entry.getValue(), now))
                .toList();
    }

    private static Standing standing(Place place, Spot spot, Instant now) {
        return new Standing(
                new Target(place.provider(), place.model(), 1),
                spot.controller.state(now),
                spot.controller.limit(now),
                spot.controller.inFlight(),
                spot.retries.left());
    }

    private static boolean finish(Running call, Signal signal, Instant now) {
        if (call.ended) {
            return false;
        }
        call.ended = true;
        call.whole.inFlight--;
        call.spot.controller.end(call.hold, signal, now);
        return true;
    }

    private static Instant word(Instant until, Instant now) {
        Instant most = now.plus(LONGEST_WORD);
        return until.isBefore(most) ? until : most;
    }

    private static long tokens(Spot spot, Need need) {
        return need.input() + spot.output.of(need.mostOutput());
    }

    private Spot spot(Target target, ProviderLimits limits) {
        Spot spot =
                spots.computeIfAbsent(
                        new Place(target.provider(), target.model()),
                        _ -> new Spot(limits.calls()));
        spot.controller.resize(limits.calls());
        return spot;
    }

    private Whole whole(Target target, ProviderLimits limits) {
        Whole whole = wholes.computeIfAbsent(target.provider(), _ -> new Whole());
        whole.resize(limits);
        return whole;
    }
}
