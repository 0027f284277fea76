package io.millrace.dispatcher.routing;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/**
 * Chooses the target of each call. Not thread-safe: one lock surrounds choice and reservation.
 *
 * <p>The weighted strategy is the smooth one of nginx: each target gains its weight a round, the
 * richest is chosen and pays the sum of all. Latency takes the better of two by chance, by what one
 * more call could expect there: latency × (calls in flight + 1).
 */
public final class Router {

    private final Map<String, Map<Target, Integer>> credits = new HashMap<>();
    private final RandomGenerator random;

    /** Makes a router that draws its chances from the generator. */
    public Router(RandomGenerator random) {
        this.random = random;
    }

    /** Returns the target of the next call among those that have room; none when none has. */
    public Optional<Target> choose(Route route, Function<Target, Load> loads) {
        List<Target> free =
                route.targets().stream().filter(target -> loads.apply(target).hasRoom()).toList();
        if (free.isEmpty()) {
            return Optional.empty();
        }
        return switch (route.strategy()) {
            case WEIGHTED -> Optional.of(weighted(route, free));
            case LEAST_IN_FLIGHT ->
                    free.stream()
                            .min(Comparator.comparingDouble(target -> loads.apply(target).share()));
            case LATENCY -> Optional.of(quicker(free, loads));
            case COST ->
                    free.stream().min(Comparator.comparingLong(target -> target.cost().amount()));
            case FAILOVER -> Optional.of(free.getFirst());
        };
    }

    /** Returns the model to ask instead: the first of whose targets one is not out. */
    public Optional<Route> fallback(
            Route route, Function<String, Optional<Route>> routes, Function<Target, Load> loads) {
        return route.fallbacks().stream()
                .flatMap(name -> routes.apply(name).stream())
                .filter(other -> !isOut(other, loads))
                .findFirst();
    }

    /** Returns whether all targets of a route are out: no call may start there, however few run. */
    public boolean isOut(Route route, Function<Target, Load> loads) {
        return route.targets().stream().allMatch(target -> loads.apply(target).isOut());
    }

    /** The better of two by chance: the best of all would get every call until its next figure. */
    private Target quicker(List<Target> free, Function<Target, Load> loads) {
        int first = random.nextInt(free.size());
        if (free.size() == 1) {
            return free.getFirst();
        }
        int second = (first + 1 + random.nextInt(free.size() - 1)) % free.size();
        Target one = free.get(first);
        Target other = free.get(second);
        return loads.apply(other).expectedNanos() < loads.apply(one).expectedNanos() ? other : one;
    }

    private Target weighted(Route route, List<Target> free) {
        Map<Target, Integer> credit = credits.computeIfAbsent(route.model(), _ -> new HashMap<>());
        credit.keySet().retainAll(route.targets());
        int sum = 0;
        for (Target target : free) {
            credit.merge(target, target.weight(), Integer::sum);
            sum += target.weight();
        }
        Target richest = free.getFirst();
        for (Target target : free) {
            if (credit.getOrDefault(target, 0) > credit.getOrDefault(richest, 0)) {
                richest = target;
            }
        }
        credit.merge(richest, -sum, Integer::sum);
        return richest;
    }
}
