package io.millrace.dispatcher.routing;

import io.millrace.schemas.money.NanoDollars;

/**
 * A place where calls for a model can go.
 *
 * @param provider name of the provider
 * @param model name of the model at that provider
 * @param weight its share under the weighted strategy, 1 or more
 * @param cost what a million tokens cost us there, for the cost strategy
 */
public record Target(String provider, String model, int weight, NanoDollars cost) {

    public Target {
        if (weight < 1) {
            throw new IllegalArgumentException("weight must be 1 or more, but was " + weight);
        }
    }

    /** Makes a target whose cost is not told. */
    public Target(String provider, String model, int weight) {
        this(provider, model, weight, NanoDollars.NONE);
    }
}
