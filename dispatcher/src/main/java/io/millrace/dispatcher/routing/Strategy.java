package io.millrace.dispatcher.routing;

import java.util.Locale;

/** How a model's calls are spread over its targets. */
public enum Strategy {
    /** In proportion to the targets' weights, smoothly interleaved. */
    WEIGHTED,
    /** To the target whose calls in flight fill the least share of its limit. */
    LEAST_IN_FLIGHT,
    /** Of two targets by chance, to the one whose calls in flight and latency promise less time. */
    LATENCY,
    /** To the cheapest target that has room; of equally cheap ones to the first. */
    COST,
    /** To the first target that has room. */
    FAILOVER;

    /** Returns the strategy of that name; weighted when there is none. */
    public static Strategy named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "least-in-flight" -> LEAST_IN_FLIGHT;
            case "latency" -> LATENCY;
            case "cost" -> COST;
            case "failover" -> FAILOVER;
            default -> WEIGHTED;
        };
    }
}
