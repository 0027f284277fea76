package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.execution.Jobs.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.routing.Load;
import io.millrace.dispatcher.routing.Need;
import io.millrace.dispatcher.routing.ProviderShare;
import io.millrace.schemas.avro.ProviderState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProviderPoolTest {

    private static final ProviderState STATE = Jobs.provider("p").setConcurrency(2L).build();
    private static final ProviderState OTHER = Jobs.provider("p").setConcurrency(5L).build();

    private final List<Opened> opened = new ArrayList<>();
    private final ProviderPool pool =
            new ProviderPool(
                    _ -> {
                        Opened provider = new Opened();
                        opened.add(provider);
                        return provider;
                    },
                    ProviderShare.WHOLE);

    @Test
    void callsOfOneStateShareTheProvider() {
        // When
        var first = acquire(STATE);
        var second = acquire(STATE);

        // Then
        assertThat(first.provider()).isSameAs(second.provider());
        assertThat(load(STATE)).isEqualTo(new Load(2, 2));
        assertThat(load(STATE).hasRoom()).isFalse();
        first.release();
        assertThat(load(STATE)).isEqualTo(new Load(1, 2));
        second.release();
        assertThat(opened).hasSize(1).noneMatch(each -> each.closed > 0);
    }

    @Test
    void changedStateIsOpenedAnewAndTheOldClosedWithItsLastCall() {
        // Given
        var first = acquire(STATE);
        var second = acquire(STATE);

        // When
        var third = acquire(OTHER);

        // Then
        assertThat(third.provider()).isNotSameAs(first.provider());
        first.release();
        assertThat(opened.getFirst().closed).isZero();
        second.release();
        assertThat(opened.getFirst().closed).isEqualTo(1);
        assertThat(opened.getLast().closed).isZero();
        assertThat(load(OTHER)).isEqualTo(new Load(1, 5));
    }

    @Test
    void idleProviderIsClosedAtOnceWhenItsStateChanges() {
        // Given
        acquire(STATE).release();

        // When
        acquire(OTHER);

        // Then
        assertThat(opened.getFirst().closed).isEqualTo(1);
    }

    @Test
    void providerThatAskedForAPauseHasNoRoomUntilThen() {
        // Given
        var lease = acquire(STATE);
        var other = acquire(STATE);
        lease.ended(busy(3), NOON);
        other.ended(busy(1), NOON); // a shorter pause does not cut the longer one
        lease.release();
        other.release();

        // When // Then
        assertThat(load(STATE, NOON.plusMillis(2_999)).hasRoom()).isFalse();
        assertThat(load(STATE, NOON.plusSeconds(3)).hasRoom()).isTrue();
    }

    @Test
    void providerThatControlDoesNotKnowHasNoRoom() {
        assertThat(pool.load(TARGET, Optional.empty(), () -> Need.NONE, NOON).hasRoom()).isFalse();
    }

    @Test
    void providerThatVanishesWhileCallsRunIsClosedWithTheLastOfThem() {
        // Given
        var first = acquire(STATE);
        var second = acquire(STATE);

        // When
        pool.retain(Set.of());

        // Then
        assertThat(pool.standings(NOON)).isEmpty();
        first.ended(busy(3), NOON);
        first.release();
        assertThat(opened.getFirst().closed).isZero();
        second.release();
        second.release();
        assertThat(opened.getFirst().closed).isEqualTo(1);

        // Then: named again it is opened anew, and nothing is held against it
        assertThat(load(STATE)).isEqualTo(new Load(0, 2));
        assertThat(acquire(STATE).provider()).isNotSameAs(first.provider());
        assertThat(opened).hasSize(2);
    }

    @Test
    void closingClosesEachProviderOnce() {
        // Given
        acquire(STATE).release();
        acquire(Jobs.provider("q").build()).release();

        // When
        pool.close();
        pool.close();

        // Then
        assertThat(opened).hasSize(2).allMatch(each -> each.closed == 1);
    }

    private Load load(ProviderState state) {
        return load(state, NOON);
    }

    private Load load(ProviderState state, Instant now) {
        return pool.load(TARGET, Optional.of(state), () -> Need.NONE, now);
    }

    private ProviderPool.Lease acquire(ProviderState state) {
        return pool.acquire(TARGET, state, Need.NONE, false, NOON);
    }

    private static Outcome busy(int seconds) {
        return new Outcome.Retryable(
                429, new byte[0], Jobs.ERROR, Optional.of(Duration.ofSeconds(seconds)));
    }

    private static final class Opened implements Provider {

        private int closed;

        @Override
        public Outcome call(ProviderCall call) {
            throw new AssertionError("nobody calls");
        }

        @Override
        public void close() {
            closed++;
        }
    }
}
