package io.millrace.dispatcher.settlement;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.SpendLedger;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SpendingTest {

    private static final SpendLedger NOTHING = SpendLedger.newBuilder().build();

    @Test
    void sumsAreAddedUp() {
        // When
        SpendLedger spent = spend(spend(NOTHING, "2026-11-22T10:00:00Z"), "2026-11-22T11:00:00Z");

        // Then
        assertThat(spent.getJobs()).isEqualTo(2);
        assertThat(spent.getInputTokens()).isEqualTo(6);
        assertThat(spent.getOutputTokens()).isEqualTo(8);
        assertThat(spent.getCostNanoUsd()).isEqualTo(20);
        assertThat(spent.getDayCostNanoUsd()).isEqualTo(20);
        assertThat(spent.getDayTokens()).isEqualTo(14);
        assertThat(spent.getMonthCostNanoUsd()).isEqualTo(20);
        assertThat(spent.getMonthTokens()).isEqualTo(14);
    }

    @Test
    void aNewUtcDayBeginsWithNothingAndTheMonthGoesOn() {
        // When
        SpendLedger spent = spend(spend(NOTHING, "2026-11-22T23:59:59Z"), "2026-11-23T00:00:00Z");

        // Then
        assertThat(spent.getDay())
                .isEqualTo((int) (Instant.parse("2026-11-23T00:00:00Z").getEpochSecond() / 86_400));
        assertThat(spent.getDayCostNanoUsd()).isEqualTo(10);
        assertThat(spent.getDayTokens()).isEqualTo(7);
        assertThat(spent.getMonthCostNanoUsd()).isEqualTo(20);
        assertThat(spent.getCostNanoUsd()).isEqualTo(20);
    }

    @Test
    void aNewUtcMonthBeginsWithNothing() {
        // When
        SpendLedger spent = spend(spend(NOTHING, "2026-12-31T23:59:59Z"), "2027-01-01T00:00:00Z");

        // Then
        assertThat(spent.getMonth()).isEqualTo((2027 - 1970) * 12);
        assertThat(spent.getMonthCostNanoUsd()).isEqualTo(10);
        assertThat(spent.getMonthTokens()).isEqualTo(7);
        assertThat(spent.getJobs()).isEqualTo(2);
    }

    @Test
    void theSameDayOfAnotherMonthIsAnotherDay() {
        // When
        SpendLedger spent = spend(spend(NOTHING, "2026-10-22T12:00:00Z"), "2026-11-22T12:00:00Z");

        // Then
        assertThat(spent.getDayCostNanoUsd()).isEqualTo(10);
        assertThat(spent.getMonthCostNanoUsd()).isEqualTo(10);
    }

    private static SpendLedger spend(SpendLedger before, String completedAt) {
        return Spending.plus(before, Terminals.usage(1, "acme", 10, Instant.parse(completedAt)));
    }
}
