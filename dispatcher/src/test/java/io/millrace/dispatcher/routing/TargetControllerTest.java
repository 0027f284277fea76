package io.millrace.dispatcher.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.dispatcher.routing.TargetController.Hold;
import io.millrace.dispatcher.routing.TargetController.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetControllerTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Signal ANSWERED = new Signal.Answered();
    private static final Signal BUSY = new Signal.Overloaded(Optional.empty());

    private final TargetController controller = new TargetController(64);

    @Test
    void callsThatWereOnTheirWayTogetherHalveTheLimitOnce() {
        // Given
        List<Hold> calls = start(controller, 64, NOON);

        // When
        calls.forEach(call -> controller.end(call, BUSY, NOON.plusSeconds(1)));

        // Then
        assertThat(controller.limit(NOON.plusSeconds(1))).isEqualTo(32);
        call(BUSY, NOON.plusSeconds(2));
        assertThat(controller.limit(NOON.plusSeconds(2))).isEqualTo(16);
    }

    @Test
    void answersRaiseTheLimitStepByStepToItsMaximum() {
        // Given
        call(BUSY, NOON);
        int calls = 0;

        // When
        while (controller.limit(NOON) < 64) {
            call(ANSWERED, NOON);
            calls++;
        }

        // Then
        assertThat(calls).isBetween(64, 1_000);
        call(ANSWERED, NOON);
        assertThat(controller.limit(NOON)).isEqualTo(64);
    }

    @Test
    void targetThatAskedForAPauseGetsItAndThenExactlyOneProbe() {
        // Given
        call(new Signal.Overloaded(Optional.of(Duration.ofSeconds(7))), NOON);

        // Then
        assertThat(controller.limit(NOON.plusMillis(6_999))).isZero();
        assertThat(controller.state(NOON.plusMillis(6_999))).isEqualTo(State.CLOSED);
        Instant then = NOON.plusSeconds(7);
        assertThat(controller.state(then)).isEqualTo(State.PROBING);
        assertThat(controller.limit(then)).isEqualTo(1);

        // When
        Hold probe = controller.start(then);

        // Then
        assertThat(hasRoom(then)).isFalse();
        controller.end(probe, ANSWERED, then);
        assertThat(controller.state(then)).isEqualTo(State.OPEN);
        assertThat(controller.limit(then)).isEqualTo(32);
    }

    @Test
    void probeThatFailsClosesItForLongerEachTime() {
        // Given
        call(new Signal.Overloaded(Optional.of(Duration.ofSeconds(1))), NOON);
        Instant at = NOON.plusSeconds(1);
        List<Long> pauses = new ArrayList<>();

        for (int probe = 0; probe < 7; probe++) {
            // When
            controller.end(controller.start(at), BUSY, at);

            // Then
            assertThat(controller.limit(at)).isZero();
            pauses.add(Duration.between(at, controller.closedUntil()).toSeconds());
            at = controller.closedUntil();
        }
        assertThat(pauses).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L);
    }

    @Test
    void targetThatOnlyFailsIsClosedAfterItsLimitIsUsedUp() {
        // When
        int calls = 0;
        while (controller.state(NOON) == State.OPEN) {
            call(BUSY, NOON.plusMillis(calls));
            calls++;
        }

        // Then
        assertThat(calls).isEqualTo(7); // 64, 32, 16, 8, 4, 2, 1
    }

    @Test
    void probeThatSaysNothingIsFollowedByAnother() {
        // Given
        call(new Signal.Overloaded(Optional.of(Duration.ofSeconds(1))), NOON);
        Instant then = NOON.plusSeconds(1);

        // When
        controller.end(controller.start(then), new Signal.Nothing(), then);

        // Then
        assertThat(controller.state(then)).isEqualTo(State.PROBING);
        assertThat(hasRoom(then)).isTrue();
    }

    @Test
    void changeOfTheMaximumIsFollowed() {
        controller.resize(10);
        assertThat(controller.limit(NOON)).isEqualTo(10);
        controller.resize(100);
        assertThat(controller.limit(NOON)).isEqualTo(100);
        call(BUSY, NOON);
        controller.resize(200); // what it has learnt stays
        assertThat(controller.limit(NOON)).isEqualTo(50);
        controller.resize(0);
        assertThat(controller.limit(NOON)).isZero();
        controller.resize(8);
        assertThat(controller.limit(NOON)).isPositive();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void whateverHappensTheLimitIsKeptAndNeverLeftAtNothing(long seed) {
        // Given
        SplittableRandom random = new SplittableRandom(seed);
        List<Hold> running = new ArrayList<>();
        Instant now = NOON;
        int probes = 0;

        for (int step = 0; step < 20_000; step++) {
            now = now.plusMillis(random.nextInt(200));
            State before = controller.state(now);

            // When
            if (random.nextInt(3) > 0 && hasRoom(now)) {
                probes = before == State.PROBING ? probes + 1 : 0;
                running.add(controller.start(now));
            } else if (!running.isEmpty()) {
                Hold ending = running.remove(random.nextInt(running.size()));
                controller.end(ending, signal(random), now);
                probes = controller.state(now) == State.PROBING ? probes : 0;
            }

            // Then
            assertThat(controller.limit(now)).as("step %d", step).isBetween(0, 65);
            assertThat(controller.inFlight()).isEqualTo(running.size());
            boolean closed = controller.state(now) == State.CLOSED;
            assertThat(controller.limit(now) == 0).isEqualTo(closed);
            assertThat(closed && !controller.closedUntil().isAfter(now)).isFalse();
        }
    }

    private static Signal signal(SplittableRandom random) {
        return switch (random.nextInt(10)) {
            case 0 -> BUSY;
            case 1 -> new Signal.Overloaded(Optional.of(Duration.ofMillis(random.nextInt(9_000))));
            case 2 -> new Signal.Nothing();
            default -> ANSWERED;
        };
    }

    private boolean hasRoom(Instant now) {
        return controller.inFlight() < controller.limit(now);
    }

    private void call(Signal signal, Instant now) {
        controller.end(controller.start(now), signal, now);
    }

    private static List<Hold> start(TargetController controller, int calls, Instant now) {
        List<Hold> holds = new ArrayList<>();
        for (int i = 0; i < calls; i++) {
            holds.add(controller.start(now));
        }
        return holds;
    }
}
