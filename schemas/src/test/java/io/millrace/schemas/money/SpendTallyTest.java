package io.millrace.schemas.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.avro.WindowBucket;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SpendTallyTest {

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

    @Test
    void completionOfYesterdayThatIsSettledLateTakesNothingFromToday() {
        // Given
        SpendLedger today = spend(NOTHING, "2026-12-01T00:00:00Z");

        // When
        SpendLedger spent = spend(today, "2026-11-30T23:59:59Z");

        // Then
        assertThat(spent.getDay()).isEqualTo(today.getDay());
        assertThat(spent.getDayCostNanoUsd()).isEqualTo(10);
        assertThat(spent.getMonthCostNanoUsd()).isEqualTo(10);
        assertThat(spent.getCostNanoUsd()).isEqualTo(20);
    }

    @Test
    void windowHoldsTheCallsOfEachSecondAndForgetsWhatIsTooOldToCount() {
        // Given
        Instant noon = Instant.parse("2026-11-22T12:00:00Z");
        SpendTally tally = SpendTally.from(NOTHING);
        tally.draw(noon, 5);
        tally.draw(noon.plusMillis(900), 6);
        tally.draw(noon.plusSeconds(SpendTally.WINDOW_SECONDS - 1), 7);
        SpendLedger within = tally.toLedger();

        // When
        SpendTally later = SpendTally.from(within);
        later.draw(noon.plusSeconds(SpendTally.WINDOW_SECONDS), 8);

        // Then
        assertThat(within.getWindow())
                .extracting(WindowBucket::getRequests, WindowBucket::getTokens)
                .containsExactly(tuple(2L, 11L), tuple(1L, 7L));
        assertThat(later.toLedger().getWindow())
                .extracting(WindowBucket::getTokens)
                .containsExactly(7L, 8L);
    }

    private static SpendLedger spend(SpendLedger before, String completedAt) {
        SpendTally tally = SpendTally.from(before);
        tally.add(Usage.of(3, 4).toRecord(), new NanoDollars(10), Instant.parse(completedAt));
        return tally.toLedger();
    }
}
