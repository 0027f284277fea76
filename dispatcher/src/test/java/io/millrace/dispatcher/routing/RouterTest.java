package io.millrace.dispatcher.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Price;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {

    private static final Target A = new Target("a", "m", 5);
    private static final Target B = new Target("b", "m", 1);
    private static final Target C = new Target("c", "m", 1);
    private static final Load FREE = new Load(0, 8);
    private static final Load FULL = new Load(8, 8);

    private final Router router = new Router(new Random(7));

    @Test
    void weightedCallsAreInterleavedSmoothly() {
        // When
        List<String> chosen = choose(route(Strategy.WEIGHTED, A, B, C), 7);

        // Then
        assertThat(chosen).containsExactly("a", "a", "b", "a", "c", "a", "a");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void weightedProportionsAreExactOverEachCycle(long seed) {
        // Given
        Random random = new Random(seed);
        List<Target> targets = new ArrayList<>();
        int cycle = 0;
        for (int i = 0; i < 2 + random.nextInt(4); i++) {
            Target target = new Target("p" + i, "m", 1 + random.nextInt(9));
            targets.add(target);
            cycle += target.weight();
        }
        Route route = route(Strategy.WEIGHTED, targets.toArray(Target[]::new));

        for (int round = 0; round < 3; round++) {
            // When
            Map<String, Integer> counts = new HashMap<>();
            choose(route, cycle).forEach(name -> counts.merge(name, 1, Integer::sum));

            // Then
            Map<String, Integer> weights = new HashMap<>();
            targets.forEach(target -> weights.put(target.provider(), target.weight()));
            assertThat(counts).as("seed %d", seed).isEqualTo(weights);
        }
    }

    @Test
    void targetWithoutRoomIsPassedOver() {
        // When
        Optional<Target> chosen =
                router.choose(
                        route(Strategy.WEIGHTED, A, B), target -> target.equals(A) ? FULL : FREE);

        // Then
        assertThat(chosen).contains(B);
    }

    @Test
    void nothingIsChosenWhenNoTargetHasRoom() {
        for (Strategy strategy : Strategy.values()) {
            assertThat(router.choose(route(strategy, A, B), _ -> FULL)).isEmpty();
        }
    }

    @Test
    void targetThatCoolsDownHasNoRoom() {
        assertThat(router.choose(route(Strategy.FAILOVER, A), _ -> new Load(0, 0))).isEmpty();
    }

    @Test
    void failoverStaysWithTheFirstAndGoesOnOnlyWhenItIsFull() {
        // Given
        Route route = route(Strategy.FAILOVER, B, A);

        // When // Then
        assertThat(router.choose(route, _ -> FREE)).contains(B);
        assertThat(router.choose(route, _ -> FREE)).contains(B);
        assertThat(router.choose(route, target -> target.equals(B) ? FULL : FREE)).contains(A);
    }

    @Test
    void leastInFlightGoesWhereTheSmallestShareIsInUse() {
        // Given
        Map<Target, Load> loads =
                Map.of(A, new Load(10, 100), B, new Load(1, 4), C, new Load(3, 16));

        // When // Then
        assertThat(
                        router.choose(
                                route(Strategy.LEAST_IN_FLIGHT, A, B, C),
                                target -> loads.getOrDefault(target, FULL)))
                .contains(A);
    }

    @Test
    void costGoesToTheCheapestThatHasRoomAndToTheFirstOfEquals() {
        // Given
        Target dear = new Target("dear", "m", 1, new NanoDollars(20));
        Target cheap = new Target("cheap", "m", 1, new NanoDollars(10));
        Target equal = new Target("equal", "m", 1, new NanoDollars(10));
        Route route = route(Strategy.COST, dear, cheap, equal);

        // When // Then
        assertThat(router.choose(route, _ -> FREE)).contains(cheap);
        assertThat(router.choose(route, target -> target.equals(dear) ? FREE : FULL))
                .contains(dear);
    }

    @Test
    void latencyPrefersTheQuickAndAsksTheSlowLess() {
        // Given
        Map<Target, Load> loads = Map.of(A, load(900), B, load(100), C, load(100));
        Map<String, Integer> counts = new HashMap<>();

        // When
        for (int call = 0; call < 3_000; call++) {
            Target chosen =
                    router.choose(
                                    route(Strategy.LATENCY, A, B, C),
                                    target -> loads.getOrDefault(target, FULL))
                            .orElseThrow();
            counts.merge(chosen.provider(), 1, Integer::sum);
        }

        // Then: of two by chance the slow one is never the better
        assertThat(counts).doesNotContainKey("a");
        assertThat(counts.get("b")).isBetween(1_200, 1_800);
    }

    @Test
    void latencyCountsTheCallsInFlight() {
        // Given
        Load quickButBusy = new Load(9, 64, Duration.ZERO, Duration.ofMillis(100));
        Load slowButIdle = new Load(0, 64, Duration.ZERO, Duration.ofMillis(500));

        // Then
        assertThat(
                        router.choose(
                                route(Strategy.LATENCY, A, B),
                                target -> target.equals(A) ? quickButBusy : slowButIdle))
                .contains(B);
    }

    @Test
    void fallbackIsTheFirstModelOfWhichATargetIsNotOut() {
        // Given
        Route out =
                new Route(
                        "out",
                        Strategy.WEIGHTED,
                        List.of(A),
                        Price.FREE,
                        Optional.empty(),
                        List.of());
        Route full =
                new Route(
                        "full",
                        Strategy.WEIGHTED,
                        List.of(B),
                        Price.FREE,
                        Optional.empty(),
                        List.of());
        Route route =
                new Route(
                        "m",
                        Strategy.WEIGHTED,
                        List.of(A),
                        Price.FREE,
                        Optional.empty(),
                        List.of("none", "out", "full"));
        Map<String, Route> routes = Map.of("out", out, "full", full);

        // Then
        assertThat(
                        router.fallback(
                                route,
                                name -> Optional.ofNullable(routes.get(name)),
                                target -> target.equals(A) ? Load.OUT : FULL))
                .contains(full);
    }

    private static Load load(int millis) {
        return new Load(0, 8, Duration.ZERO, Duration.ofMillis(millis));
    }

    @Test
    void strategiesHaveTheirNames() {
        assertThat(Strategy.named("weighted")).isEqualTo(Strategy.WEIGHTED);
        assertThat(Strategy.named("least-in-flight")).isEqualTo(Strategy.LEAST_IN_FLIGHT);
        assertThat(Strategy.named("failover")).isEqualTo(Strategy.FAILOVER);
        assertThat(Strategy.named("latency")).isEqualTo(Strategy.LATENCY);
        assertThat(Strategy.named("cost")).isEqualTo(Strategy.COST);
    }

    private List<String> choose(Route route, int times) {
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            chosen.add(router.choose(route, _ -> FREE).orElseThrow().provider());
        }
        return chosen;
    }

    private static Route route(Strategy strategy, Target... targets) {
        return new Route("m", strategy, List.of(targets), Price.FREE, Optional.empty(), List.of());
    }
}
