package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.quota.Limits;
import io.millrace.dispatcher.routing.Capacity;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.ProviderLimits;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Target;
import io.millrace.schemas.id.TenantId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The pace of each tenant that is served, reckoned from time to time: the least of its concurrency,
 * the process's calls and what the targets of its models take, and the time of its calls.
 * Thread-safe.
 */
final class Paces {

    // what is held for longer than until the next reckoning holds the tenant
    private static final Duration HELD = Duration.ofSeconds(1);

    private volatile Map<String, Pace> known = Map.of();

    /** Returns a tenant's pace. */
    Pace of(TenantId tenant) {
        return known.getOrDefault(tenant.value(), Pace.UNKNOWN);
    }

    /**
     * Reckons all anew.
     *
     * @param mostInFlight calls of the process at the same time
     */
    void reckon(
            Map<String, Share> tenants,
            Catalogue catalogue,
            List<Capacity.Standing> standings,
            int mostInFlight,
            Instant now) {
        Map<Target, Integer> limits = new HashMap<>();
        standings.forEach(each -> limits.put(each.target(), each.limit()));
        Map<String, Pace> reckoned = new HashMap<>();
        tenants.forEach((tenant, share) -> {
            long most =
                    catalogue
                            .tenant(tenant)
                            .map(Limits::of)
                            .map(Limits::concurrency)
                            .orElse(Long.MAX_VALUE);
            long permits =
                    isHeld(share, now)
                            ? 0
                            : Math.min(most, atTargets(share.models(), catalogue, limits));
            reckoned.put(
                    tenant,
                    new Pace(
                            Math.clamp(permits, 0, mostInFlight),
                            share.callTime().orElse(Pace.UNKNOWN.callTime())));
        });
        known = Map.copyOf(reckoned);
    }

    /** Returns whether a quota holds all that waits of a tenant. */
    private static boolean isHeld(Share share, Instant now) {
        Instant soon = now.plus(HELD);
        return !share.lines().isEmpty()
                && share.lines().stream()
                        .allMatch(line -> line.parking().isPresent() && line.alarm().isAfter(soon));
    }

    private static long atTargets(
            Set<String> models, Catalogue catalogue, Map<Target, Integer> limits) {
        Set<Target> own = new HashSet<>();
        Set<Target> others = new HashSet<>();
        for (String model : models) {
            catalogue
                    .route(model)
                    .ifPresent(route -> {
                        own.addAll(places(route, model));
                        route.fallbacks()
                                .forEach(each ->
                                        catalogue
                                                .route(each)
                                                .ifPresent(to -> others.addAll(places(to, each))));
                    });
        }
        long calls = sum(own, limits);
        return calls > 0 ? calls : sum(others, limits);
    }

    private static Collection<Target> places(Route route, String model) {
        return route.targets().stream()
                .map(each -> route.concrete(each, model))
                .map(each -> new Target(each.provider(), each.model(), 1))
                .toList();
    }

    private static long sum(Set<Target> targets, Map<Target, Integer> limits) {
        return targets.stream()
                .mapToLong(each -> limits.getOrDefault(each, ProviderLimits.DEFAULT_CALLS))
                .sum();
    }
}
