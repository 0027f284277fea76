package io.millrace.simulatedprovider.behaviour;

import java.util.random.RandomGenerator;

/** When a fault happens. */
sealed interface Condition {

    /** At every call. */
    record Always() implements Condition {}

    /** With a probability, of 1. */
    record Probably(double probability) implements Condition {}

    /** At the first calls with the same key. */
    record First(long calls) implements Condition {}

    /** At the first so many calls of each round of calls with the same key. */
    record FirstOfRound(long calls, long round) implements Condition {}

    /**
     * Whether the fault happens now.
     *
     * @param repetition how many calls with the same key came before
     */
    default boolean isMet(long repetition, RandomGenerator random) {
        return switch (this) {
            case Always() -> true;
            case Probably(double probability) -> random.nextDouble() < probability;
            case First(long calls) -> repetition < calls;
            case FirstOfRound(long calls, long round) -> repetition % round < calls;
        };
    }
}
