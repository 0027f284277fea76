package io.millrace.dispatcher.routing;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ring and the pacer, against a provider that counts in an exact window of 60 s. */
class RateWindowTest {

    private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
    private static final Duration MINUTE = Duration.ofSeconds(60);

    /** Units a call that arrives costs, in an exact sliding window. */
    private static final class ExactProvider {

        private record Admitted(Instant at, long units) {}

        private final long limit;
        private final Deque<Admitted> window = new ArrayDeque<>();
        private long sum;
        private long refused;
        private long all;

        private ExactProvider(long limit) {
            this.limit = limit;
        }

        private void arrive(Instant at, long units) {
            while (!window.isEmpty() && !window.getFirst().at().plus(MINUTE).isAfter(at)) {
                sum -= window.removeFirst().units();
            }
            if (sum + units > limit) {
                refused++;
                return;
            }
            window.addLast(new Admitted(at, units));
            sum += units;
            all += units;
        }
    }

    private record Event(Instant at, long units) {}

    @ParameterizedTest(name = "{0} requests a minute, seed {1}")
    @CsvSource({"3,1", "10,2", "60,3", "500,4", "500,5", "6000,6", "60000,7"})
    void exactWindowRefusesNothingAndIsUsedWhole(int limit, long seed) {
        // Given
        SplittableRandom random = new SplittableRandom(seed);
        RateWindow window = new RateWindow(limit);
        ExactProvider provider = new ExactProvider(limit);
        PriorityQueue<Event> onTheirWay = new PriorityQueue<>(Comparator.comparing(Event::at));
        Instant now = NOON;
        Instant end = NOON.plusSeconds(600);

        // When
        while (now.isBefore(end)) {
            Duration delay = window.delay(1, now);
            if (delay.isZero()) {
                window.charge(1, now);
                onTheirWay.add(new Event(now.plusMillis(random.nextInt(900)), 1));
            } else {
                now = now.plus(delay);
                while (!onTheirWay.isEmpty() && onTheirWay.peek().at().isBefore(now)) {
                    provider.arrive(onTheirWay.remove().at(), 1);
                }
            }
        }

        // Then
        assertThat(provider.refused).isZero();
        assertThat(provider.all).isGreaterThanOrEqualTo((long) (limit * 10 * 0.95));
    }

    @ParameterizedTest(name = "{0} tokens a minute, seed {1}")
    @CsvSource({"100000,1", "100000,2", "1000000,3", "20000,4"})
    void tokensThatArePredictedAndSettledKeepTheLimitToo(long limit, long seed) {
        // Given: what a call will use is known to the provider, and to us after some seconds
        SplittableRandom random = new SplittableRandom(seed);
        RateWindow window = new RateWindow(limit);
        PredictedOutput predicted = new PredictedOutput();
        ExactProvider provider = new ExactProvider(limit);
        record Running(Instant started, Instant ends, long charged, long used) {}
        PriorityQueue<Running> running = new PriorityQueue<>(Comparator.comparing(Running::ends));
        Instant now = NOON;
        Instant end = NOON.plusSeconds(900);

        // When
        while (now.isBefore(end)) {
            long charge = 40 + predicted.of(1_000);
            Duration delay = window.delay(charge, now);
            if (delay.isZero()) {
                long used = 140L + random.nextInt(201);
                window.charge(charge, now);
                provider.arrive(now.plusMillis(random.nextInt(20)), used);
                Instant ends = now.plusMillis(500L + random.nextInt(3_000));
                running.add(new Running(now, ends, charge, used));
                continue;
            }
            Instant next = now.plus(delay);
            while (!running.isEmpty() && !running.peek().ends().isAfter(next)) {
                Running ended = running.remove();
                window.correct(ended.used() - ended.charged(), ended.started(), ended.ends());
                predicted.observe(ended.used() - 40);
                next = ended.ends().isBefore(next) ? ended.ends() : next;
            }
            now = next;
        }

        // Then
        assertThat(provider.refused).isZero();
        assertThat(provider.all).isGreaterThanOrEqualTo((long) (limit * 15 * 0.95));
    }

    @Test
    void quietProviderTakesATenthAtOnce() {
        // Given
        RateWindow window = new RateWindow(600);
        int atOnce = 0;

        // When
        while (window.delay(1, NOON).isZero()) {
            window.charge(1, NOON);
            atOnce++;
        }

        // Then
        assertThat(atOnce).isBetween(60, 62);
        assertThat(window.delay(1, NOON)).isLessThan(Duration.ofMillis(110));
    }

    @Test
    void callLargerThanTheLimitGoesAlone() {
        // Given
        RateWindow window = new RateWindow(100);

        // Then
        assertThat(window.delay(5_000, NOON)).isZero();
        window.charge(5_000, NOON);
        assertThat(window.delay(1, NOON.plusSeconds(60))).isPositive();
    }

    @Test
    void providersWordTightensIt() {
        // Given
        RateWindow window = new RateWindow(600);

        // When
        window.tell(2, NOON.plusSeconds(5));

        // Then
        window.charge(1, NOON);
        window.charge(1, NOON);
        assertThat(window.delay(1, NOON)).isEqualTo(Duration.ofSeconds(5));
        assertThat(window.delay(1, NOON.plusSeconds(5))).isZero();
    }

    @Test
    void changeOfTheLimitIsFollowed() {
        // Given
        RateWindow window = new RateWindow(1);
        window.charge(1, NOON);
        assertThat(window.delay(1, NOON)).isPositive();

        // When
        window.resize(1_000);

        // Then
        assertThat(window.delay(1, NOON.plusSeconds(60))).isZero();
        window.resize(0);
        assertThat(window.delay(1, NOON.plusSeconds(600))).isPositive();
    }

    @Test
    void clockSetBackMakesNoRoom() {
        // Given
        RateWindow window = new RateWindow(1);
        window.charge(1, NOON);

        // Then
        assertThat(window.delay(1, NOON.minusSeconds(3_600))).isPositive();
        assertThat(window.used(NOON)).isEqualTo(1);
    }
}
