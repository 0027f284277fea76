package io.millrace.dispatcher.routing;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Chooses the target of each call. Not thread-safe: one lock surrounds choice and reservation.
 *
 * <p>The weighted strategy is the smooth one of nginx: each target gains its weight a round, the
 * richest is chosen and pays the sum of all.
 */
public final class Router {

    private final Map<String, Map<Target, Integer>> credits = new HashMap<>();

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
            case FAILOVER -> Optional.of(free.getFirst());
        };
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
