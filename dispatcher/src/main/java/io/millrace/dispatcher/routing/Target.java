package io.millrace.dispatcher.routing;

/**
 * A place where calls for a model can go.
 *
 * @param provider name of the provider
 * @param model name of the model at that provider
 * @param weight its share under the weighted strategy, 1 or more
 */
public record Target(String provider, String model, int weight) {

    public Target {
        if (weight < 1) {
            throw new IllegalArgumentException("weight must be 1 or more, but was " + weight);
        }
    }
}
