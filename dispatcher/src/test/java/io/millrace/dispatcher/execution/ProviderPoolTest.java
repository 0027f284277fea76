package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.execution.Jobs.TARGET;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Provider;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.routing.Load;
import io.millrace.schemas.avro.ProviderState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProviderPoolTest {

    private static final ProviderState STATE = Jobs.provider("p").setConcurrency(2L).build();
    private static final ProviderState OTHER = Jobs.provider("p").setConcurrency(5L).build();

    private final List<Opened> opened = new ArrayList<>();
    private final ProviderPool pool =
            new ProviderPool(_ -> {
                Opened provider = new Opened();
                opened.add(provider);
                return provider;
            });

    @Test
    void callsOfOneStateShareTheProvider() {
        // When
        var first = pool.acquire(STATE);
        var second = pool.acquire(STATE);

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
        var first = pool.acquire(STATE);
        var second = pool.acquire(STATE);

        // When
        var third = pool.acquire(OTHER);

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
        pool.acquire(STATE).release();

        // When
        pool.acquire(OTHER);

        // Then
        assertThat(opened.getFirst().closed).isEqualTo(1);
    }

    @Test
    void providerThatAskedForAPauseHasNoRoomUntilThen() {
        // Given
        var lease = pool.acquire(STATE);
        lease.coolDown(NOON.plusSeconds(3));
        lease.coolDown(NOON.plusSeconds(1)); // a shorter pause does not cut the longer one
        lease.release();

        // When // Then
        assertThat(pool.load(TARGET, Optional.of(STATE), NOON.plusMillis(2_999)).hasRoom())
                .isFalse();
        assertThat(pool.load(TARGET, Optional.of(STATE), NOON.plusSeconds(3)).hasRoom()).isTrue();
    }

    @Test
    void providerThatControlDoesNotKnowHasNoRoom() {
        assertThat(pool.load(TARGET, Optional.empty(), NOON).hasRoom()).isFalse();
    }

    @Test
    void closingClosesEachProviderOnce() {
        // Given
        pool.acquire(STATE).release();
        pool.acquire(Jobs.provider("q").build()).release();

        // When
        pool.close();
        pool.close();

        // Then
        assertThat(opened).hasSize(2).allMatch(each -> each.closed == 1);
    }

    private Load load(ProviderState state) {
        return pool.load(TARGET, Optional.of(state), NOON);
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
