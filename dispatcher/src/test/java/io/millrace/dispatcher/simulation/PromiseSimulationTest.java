package io.millrace.dispatcher.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * The promise under any interleaving (R13).
 *
 * <p>{@code -Dsimulation.seeds=N} runs so many seeds, {@code -Dsimulation.seed=N} begins with that
 * one; {@code -Dsimulation.trace=N} keeps so many of the last steps of a seed that fails.
 */
class PromiseSimulationTest {

    private static final int SEEDS = 2_000;
    private static final int SEEDS_TO_FIND_A_BUG = 400;

    private final Seeds seeds = new Seeds();

    @Test
    void promiseHoldsUnderEverySeed() {
        // Given
        long first = Long.getLong("simulation.seed", 0);
        int count = Integer.getInteger("simulation.seeds", SEEDS);

        // When
        var broken = seeds.firstBroken(first, count, Bug.NONE);

        // Then
        assertThat(broken).isEmpty();
    }

    @Test
    void seedReplaysToTheSameSteps() {
        // When // Then
        assertThat(seeds.fingerprint(7))
                .isEqualTo(seeds.fingerprint(7))
                .isNotEqualTo(seeds.fingerprint(8));
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
    void plantedBugIsFound(Bug bug) {
        // When
        var broken = seeds.firstBroken(bug.searchedFrom(), SEEDS_TO_FIND_A_BUG, bug);

        // Then
        assertThat(broken).as("what %s breaks", bug).isNotEmpty();
    }
}
