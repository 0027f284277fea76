package io.millrace.dispatcher.routing;

import java.util.Locale;

/** How a model's calls are spread over its targets. */
public enum Strategy {
    /** In proportion to the targets' weights, smoothly interleaved. */
    WEIGHTED,
    /** To the target whose calls in flight fill the least share of its limit. */
    LEAST_IN_FLIGHT,
    /** To the first target that has room. */
    FAILOVER;

    /**
     * Returns the strategy of that name. {@code latency} and {@code cost} need figures that no room
     * gathers yet; until then they spread by weight.
     */
    public static Strategy named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "least-in-flight" -> LEAST_IN_FLIGHT;
            case "failover" -> FAILOVER;
            default -> WEIGHTED;
        };
    }
}
