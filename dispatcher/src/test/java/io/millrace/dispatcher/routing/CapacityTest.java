package io.millrace.dispatcher.routing;

import static io.millrace.dispatcher.Samples.NOON;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CapacityTest {

    private static final Target TARGET = new Target("p", "m", 1);
    private static final ProviderLimits LIMITS = new ProviderLimits(8, 600, 60_000);

    private final Capacity capacity = new Capacity();

    @Test
    void wordOfTheProviderOnRequestsBindsUntilItsTime() {
        // Given
        capacity.load(TARGET, LIMITS, () -> Need.NONE, NOON);

        // When
        capacity.tellRequests("p", 0, NOON.plusSeconds(3), NOON);

        // Then
        assertThat(delay(Need.NONE, NOON)).isPositive();
        assertThat(delay(Need.NONE, NOON.plusMillis(2_999))).isPositive();
        assertThat(delay(Need.NONE, NOON.plusSeconds(3))).isZero();
    }

    @Test
    void wordOfTheProviderOnTokensBindsWhoNeedsMore() {
        // Given
        capacity.load(TARGET, LIMITS, () -> Need.NONE, NOON);

        // When
        capacity.tellTokens("p", 100, NOON.plusSeconds(3), NOON);

        // Then
        assertThat(delay(new Need(60, 41), NOON)).isPositive();
        assertThat(delay(new Need(60, 40), NOON)).isZero();
        assertThat(delay(new Need(60, 41), NOON.plusSeconds(3))).isZero();
    }

    @Test
    void callsOnTheirWayMayNotBeInTheWordYet() {
        // Given
        start(NOON);
        start(NOON);

        // When
        capacity.tellRequests("p", 2, NOON.plusSeconds(3), NOON);

        // Then
        assertThat(delay(Need.NONE, NOON)).isPositive();
    }

    @Test
    void wordBindsForTenSecondsAtMost() {
        // Given
        capacity.load(TARGET, LIMITS, () -> Need.NONE, NOON);

        // When
        capacity.tellRequests("p", 0, NOON.plus(Duration.ofDays(1)), NOON);

        // Then
        assertThat(delay(Need.NONE, NOON.plusSeconds(9))).isPositive();
        assertThat(delay(Need.NONE, NOON.plusSeconds(10))).isZero();
    }

    @Test
    void wordOnAnUnknownProviderIsNoNews() {
        // When
        capacity.tellRequests("q", 0, NOON.plusSeconds(3), NOON);
        capacity.tellTokens("q", 0, NOON.plusSeconds(3), NOON);

        // Then
        assertThat(delay(Need.NONE, NOON)).isZero();
        assertThat(capacity.standings(NOON))
                .extracting(standing -> standing.target().provider())
                .containsExactly("p");
    }

    @Test
    void providerThatVanishesIsForgottenWhileItsCallsEnd() {
        // Given
        Capacity.Running first = start(NOON);
        Capacity.Running second = start(NOON);

        // When
        capacity.retain(Set.of());

        // Then
        assertThat(capacity.standings(NOON)).isEmpty();
        end(first);
        capacity.drop(second, NOON);
        assertThat(capacity.standings(NOON)).isEmpty();

        // Then: one of the same name begins anew
        assertThat(capacity.load(TARGET, LIMITS, () -> Need.NONE, NOON).inFlight()).isZero();
        assertThat(delay(Need.NONE, NOON)).isZero();
    }

    @Test
    void callIsEndedOnce() {
        // Given
        Capacity.Running call = start(NOON);

        // When
        end(call);
        end(call);
        capacity.drop(call, NOON);

        // Then
        assertThat(capacity.load(TARGET, LIMITS, () -> Need.NONE, NOON).inFlight()).isZero();
    }

    private Duration delay(Need need, Instant now) {
        return capacity.load(TARGET, LIMITS, () -> need, now).delay();
    }

    private Capacity.Running start(Instant now) {
        return capacity.start(TARGET, LIMITS, Need.NONE, false, now);
    }

    private void end(Capacity.Running call) {
        capacity.end(call, new Signal.Answered(), OptionalLong.of(10), OptionalLong.of(5), NOON);
    }
}
