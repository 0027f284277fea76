package io.millrace.dispatcher.execution;

import static io.millrace.dispatcher.Samples.NOON;
import static io.millrace.dispatcher.Samples.request;
import static io.millrace.dispatcher.Samples.submit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.money.Tokens;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who goes first, told by what each tenant was served. */
class FairShareTest {

    private static final int LARGEST = 1_000;
    private static final double ROUNDING = 1e-6;

    private final ReadyJobs ready = new ReadyJobs();
    private final OwnedSlot slot = Samples.slot();
    private final Map<String, Double> weights = new HashMap<>();
    private final Map<String, Long> served = new HashMap<>();
    private Instant now = NOON;
    private int numbers;
    private int tries;

    /**
     * The exact bounds: of tenants that wait since the same moment no two ever differ by more than
     * one largest call divided by its tenant's weight; and so over any interval in between by no
     * more than two.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void backloggedTenantsAreServedAsANaiveReferenceWouldWithinOneLargestCall(long seed) {
        // Given
        Random random = new Random(seed);
        List<String> tenants = List.of("a", "b", "c", "d", "e");
        tenants.forEach(
                each -> weights.put(each, List.of(0.5, 1.0, 2.0, 5.0).get(random.nextInt(4))));
        double bound = LARGEST / weights.values().stream().min(Double::compare).orElseThrow();
        tenants.forEach(each -> add(each, 1 + random.nextInt(LARGEST)));
        List<Map<String, Double>> history = new ArrayList<>();

        for (int step = 0; step < 4_000; step++) {
            tenants.forEach(each -> add(each, 1 + random.nextInt(LARGEST)));

            // When
            Waiting next = serve();

            // Then
            String chosen = next.line().tenant();
            double least = tenants.stream().mapToDouble(this::share).min().orElseThrow();
            assertThat(share(chosen) - next.charge() / weight(chosen))
                    .as("seed %d step %d: the least served goes first", seed, step)
                    .isLessThanOrEqualTo(least + ROUNDING);
            assertThat(spread(tenants, Map.of())).isLessThanOrEqualTo(bound + ROUNDING);
            if (step % 100 == 0) {
                history.add(shares(tenants));
            }
        }
        for (Map<String, Double> begin : history) {
            assertThat(spread(tenants, begin)).isLessThanOrEqualTo(2 * bound + ROUNDING);
        }
    }

    @Test
    void chargesAreCorrectedWhenCallsTurnOutOtherThanExpected() {
        // Given
        for (int i = 0; i < 400; i++) {
            add("terse", 100);
            add("chatty", 100);
        }

        // When
        for (int i = 0; i < 300; i++) {
            Waiting next = serve();
            long actual = next.line().tenant().equals("terse") ? 50 : 150;
            served.merge(next.line().tenant(), actual - next.charge(), Long::sum);
            ready.ended(next, actual - next.charge(), -1);
        }

        // Then
        assertThat(Math.abs(share("terse") - share("chatty"))).isLessThanOrEqualTo(150);
    }

    @Test
    void whatCallsUsuallyComeToIsExpectedOfTheNext() {
        // Given
        ready.add(job("acme", Tier.DEFAULT), new TokenBounds(new Tokens(10), new Tokens(1_000)), 1);
        Waiting first = serve();
        assertThat(first.charge()).isEqualTo(1_010);

        // When
        ready.ended(first, 30 - 1_010, 20);
        ready.add(job("acme", Tier.DEFAULT), new TokenBounds(new Tokens(10), new Tokens(1_000)), 1);

        // Then
        assertThat(serve().charge()).isEqualTo(30);
    }

    @Test
    void newcomerIsAheadByOneCallAndHasNotSavedItsIdleness() {
        // Given
        for (int i = 0; i < 2_000; i++) {
            add("old", 100);
        }
        IntStream.range(0, 1_000).forEach(_ -> serve());

        // When
        for (int i = 0; i < 100; i++) {
            add("new", 100);
        }

        // Then
        List<String> order = IntStream.range(0, 20).mapToObj(_ -> serve().line().tenant()).toList();
        assertThat(order.getFirst()).isEqualTo("new");
        assertThat(order.stream().filter("new"::equals).count()).isBetween(10L, 11L);
    }

    @Test
    void tenantThatLeavesItsCapHasNotSavedWhatItMissed() {
        // Given
        for (int i = 0; i < 2_000; i++) {
            add("capped", 100);
            add("free", 100);
        }
        for (int i = 0; i < 1_000; i++) {
            serveAllBut("capped");
        }

        // When
        ready.quotaFreed("capped", false);

        // Then
        List<String> order = IntStream.range(0, 20).mapToObj(_ -> serve().line().tenant()).toList();
        assertThat(order.stream().filter("capped"::equals).count()).isBetween(10L, 11L);
    }

    @Test
    void smallTenantDoesNotStarveBesideAFlood() {
        // Given
        for (int i = 0; i < 5_000; i++) {
            add("flood", 10);
        }
        add("small", LARGEST);

        // When // Then
        assertThat(serve().line().tenant()).isIn("flood", "small");
        assertThat(List.of(serve().line().tenant(), serve().line().tenant())).contains("small");
    }

    @Test
    void parkedTenantsAreNotAskedAgainUntilTheirTimeOrAChange() {
        // Given
        for (int tenant = 0; tenant < 3_000; tenant++) {
            add("t" + tenant, 10);
        }
        int others = 0;
        while (serveAllBut("t7")) {
            others++;
        }
        assertThat(others).isEqualTo(2_999);
        assertThat(tries).as("each is asked once").isEqualTo(3_000);

        // When
        add("later", 10);
        serveAllBut("t7");

        // Then
        assertThat(tries).isEqualTo(3_001);
        assertThat(ready.place(Samples.jobId(7)))
                .contains(
                        new QueuePlace(
                                new io.millrace.schemas.id.TenantId("t7"),
                                1,
                                WaitReason.TENANT_CONCURRENCY));
        assertThat(ready.waiting()).isEqualTo(Map.of(WaitReason.TENANT_CONCURRENCY, 1));
        ready.quotaFreed("t7", false);
        assertThat(serve().line().tenant()).isEqualTo("t7");
    }

    @Test
    void lineThatWaitsForATimeIsAskedAgainThen() {
        // Given
        add("acme", 10);
        Instant then = NOON.plusSeconds(62);
        ready.next(NOON, _ -> new Chance.NotYet<String>(then, WaitReason.REQUESTS_PER_MINUTE));
        assertThat(ready.nextAlarm()).contains(then);

        // When // Then
        ready.timeCame(then.minusMillis(1));
        assertThat(ready.next(NOON, Chance.Go::new)).isEmpty();
        ready.timeCame(then);
        assertThat(serve().line().tenant()).isEqualTo("acme");
        assertThat(ready.nextAlarm()).isEmpty();
    }

    @Test
    void ownInteractiveWorkGoesBeforeOwnBatch() {
        // Given
        ready.add(job("acme", Tier.BATCH), cost(10), 1);
        ready.add(job("acme", Tier.DEFAULT), cost(10), 1);

        // When // Then
        assertThat(serve().line().tier()).isEqualTo(Tier.DEFAULT);
        assertThat(serve().line().tier()).isEqualTo(Tier.BATCH);
    }

    @Test
    void flexHasTwoPerCentWhileItHasTimeAndHalfWhenItHasNone() {
        assertThat(flexShare(Duration.ofMinutes(1))).isCloseTo(0.02, within(0.005));
        assertThat(flexShare(Duration.ofMinutes(30))).isCloseTo(0.02, within(0.005));
        assertThat(flexShare(Duration.ofMinutes(45))).isCloseTo(0.26, within(0.02));
        assertThat(flexShare(Duration.ofMinutes(59))).isCloseTo(0.484, within(0.02));
    }

    @Test
    void whoIsIdleAndNoBetterOffThanANewcomerIsForgotten() {
        // Given
        add("once", 10);
        Waiting first = serve();
        ready.ended(first, 0, -1);

        // When
        ready.forgetIdle(NOON.plusSeconds(1));
        ready.add(job("once", Tier.DEFAULT), new TokenBounds(new Tokens(1), new Tokens(7)), 1);

        // Then
        assertThat(serve().charge()).isEqualTo(8);
    }

    /** Which share of the tokens flex gets beside default, that long after its acceptance. */
    private double flexShare(Duration waited) {
        ReadyJobs both = new ReadyJobs();
        for (int i = 0; i < 2_000; i++) {
            both.add(job("acme", Tier.FLEX), cost(10), 1);
            both.add(job("acme", Tier.DEFAULT), cost(10), 1);
        }
        long flex = 0;
        for (int i = 0; i < 2_000; i++) {
            Waiting next = both.next(NOON.plus(waited), Chance.Go::new).orElseThrow().waiting();
            flex += next.line().tier() == Tier.FLEX ? 1 : 0;
        }
        return flex / 2_000.0;
    }

    private Waiting serve() {
        Waiting next = ready.next(now, Chance.Go::new).orElseThrow().waiting();
        served.merge(next.line().tenant(), next.charge(), Long::sum);
        now = now.plusMillis(1);
        return next;
    }

    private boolean serveAllBut(String tenant) {
        return ready.next(
                        now,
                        each -> {
                            tries++;
                            return each.line().tenant().equals(tenant)
                                    ? new Chance.NotYet<String>(
                                            Instant.MAX, WaitReason.TENANT_CONCURRENCY)
                                    : new Chance.Go<>("go");
                        })
                .isPresent();
    }

    private void add(String tenant, int tokens) {
        ready.add(job(tenant, Tier.DEFAULT), cost(tokens), weight(tenant));
    }

    private Job job(String tenant, Tier tier) {
        int number = numbers++;
        return Jobs.job(
                slot,
                submit(number)
                        .setTenant(tenant)
                        .setRequest(
                                request()
                                        .setTier(tier)
                                        .setExpiresAt(NOON.plus(Duration.ofHours(1)))
                                        .build())
                        .build(),
                number);
    }

    private static TokenBounds cost(int tokens) {
        return new TokenBounds(new Tokens(tokens), Tokens.NONE);
    }

    private double weight(String tenant) {
        return weights.getOrDefault(tenant, 1.0);
    }

    private double share(String tenant) {
        return served.getOrDefault(tenant, 0L) / weight(tenant);
    }

    private Map<String, Double> shares(List<String> tenants) {
        Map<String, Double> shares = new HashMap<>();
        tenants.forEach(each -> shares.put(each, share(each)));
        return shares;
    }

    /** By how much the most and the least served differ, counted from what they had before. */
    private double spread(List<String> tenants, Map<String, Double> before) {
        List<Double> since =
                tenants.stream().map(each -> share(each) - before.getOrDefault(each, 0.0)).toList();
        return since.stream().max(Double::compare).orElseThrow()
                - since.stream().min(Double::compare).orElseThrow();
    }
}
