package io.millrace.dispatcher.execution;

import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A tenant's part of the fair share: its virtual counter, which is the tokens it was served divided
 * by its weight, and what its calls usually come to. Not thread-safe.
 */
final class Share {

    private static final int MODELS = 64;
    private static final double NEWEST = 0.2; // weight of the newest call in a moving average

    private final Set<Line> lines = new HashSet<>();
    private final Map<String, Double> usual = new LinkedHashMap<>();
    private double usualOfAll = Double.NaN;
    private double callNanos = Double.NaN;
    private double counter;
    private double weight = 1;
    private int running;
    private Instant lastServed = Instant.MIN;

    /** Returns the lines with jobs in them. */
    Set<Line> lines() {
        return lines;
    }

    double counter() {
        return counter;
    }

    void weighs(double tenantWeight) {
        weight = Math.max(0.001, tenantWeight);
    }

    /** Returns whether some line may start something. */
    boolean isActive() {
        return lines.stream().anyMatch(line -> line.parking().isEmpty());
    }

    /** Returns how many tokens a job is expected to use: as many as others like it did. */
    long predicted(String model, TokenBounds bounds) {
        double output = usual.getOrDefault(model, usualOfAll);
        long most = bounds.output().count();
        long expected = Double.isNaN(output) ? most : Math.min(most, Math.round(output));
        return Math.max(1, bounds.input().count() + expected);
    }

    /** Learns what a call came to. */
    void learn(String model, long output) {
        usualOfAll = moved(usualOfAll, output);
        double before = usual.containsKey(model) ? usual.getOrDefault(model, 0.0) : Double.NaN;
        usual.put(model, moved(before, output));
        if (usual.size() > MODELS) {
            usual.remove(usual.keySet().iterator().next());
        }
    }

    /** Learns how long a call took. */
    void took(Duration call) {
        callNanos = moved(callNanos, call.toNanos());
    }

    /** Returns how long its calls take, once one has ended. */
    Optional<Duration> callTime() {
        return Double.isNaN(callNanos)
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(Math.round(callNanos)));
    }

    /** Returns the models that it was served by not long ago, or waits for. */
    Set<String> models() {
        Set<String> models = new HashSet<>(usual.keySet());
        lines.forEach(line -> models.add(line.key().model()));
        return models;
    }

    /** Charges a call at its start. */
    void charge(long tokens, Instant now) {
        counter += tokens / weight;
        running++;
        lastServed = now;
    }

    /** Corrects the charge of a call at its end. */
    void settle(long correction) {
        counter += correction / weight;
        running--;
    }

    /**
     * Raises the counter of a tenant that becomes active to that of the least served: what it did
     * not use it has not saved. It may be ahead by the one call it comes with.
     */
    void lift(double least, long tokens) {
        counter = Math.max(counter, least - tokens / weight);
    }

    /** Returns whether forgetting it makes no difference, or hardly any after that long. */
    boolean isForgettable(double level, Instant longAgo) {
        return lines.isEmpty()
                && running == 0
                && (counter <= level || lastServed.isBefore(longAgo));
    }

    private static double moved(double average, long newest) {
        return Double.isNaN(average) ? newest : average + NEWEST * (newest - average);
    }
}
