package io.millrace.dispatcher.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetTest {

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3})
    void targetThatFailsGetsATenthMoreCalls(long seed) {
        // Given
        SplittableRandom random = new SplittableRandom(seed);
        RetryBudget budget = new RetryBudget();
        int first = 0;
        int again = 0;

        // When
        for (int call = 0; call < 100_000; call++) {
            if (random.nextBoolean() && budget.hasRoom()) {
                budget.retry();
                again++;
            } else {
                budget.first();
                first++;
            }
        }

        // Then
        assertThat(again).isLessThanOrEqualTo(first / 10 + 10);
    }

    @Test
    void retriesThatAreAnsweredCostNothing() {
        // Given
        RetryBudget budget = new RetryBudget();

        // When
        for (int call = 0; call < 1_000; call++) {
            assertThat(budget.hasRoom()).isTrue();
            budget.retry();
            budget.refund();
        }

        // Then
        assertThat(budget.left()).isEqualTo(10);
    }
}
