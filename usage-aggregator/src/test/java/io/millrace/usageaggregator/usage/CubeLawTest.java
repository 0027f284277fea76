package io.millrace.usageaggregator.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.id.TenantId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever bills come in whatever order, the cube is their sum. */
class CubeLawTest {

    private static final int BILLS = 200;
    private static final Instant NOW = Instant.parse("2026-11-22T12:00:30Z");
    private static final Scope ALL = new Scope.Everyone();

    static LongStream seeds() {
        return LongStream.range(0, 5);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void everySpanOfEveryTenantAddsUpToItsBills(long seed) {
        // Given
        Random random = new Random(seed);
        List<UsageRecord> bills = drawn(random);
        try (AggregatorInATest aggregator = new AggregatorInATest(NOW)) {
            // When
            bills.forEach(aggregator::send);

            // Then
            for (Width width : Width.values()) {
                Instant a = width.floor(NOW.minusSeconds(random.nextInt(259_200)));
                Instant b = a.plus(width.length().multipliedBy(random.nextInt(2_000)));
                Span span = new Span(width, a, b);
                Predicate<UsageRecord> inSpan =
                        bill ->
                                !bill.getCompletedAt().isBefore(a)
                                        && bill.getCompletedAt().isBefore(b);
                assertThat(sum(aggregator.cells(ALL, span)))
                        .as("seed %d, %s", seed, span)
                        .isEqualTo(naive(bills, inSpan));
                for (int i = 0; i < 5; i++) {
                    String tenant = "tenant-" + i;
                    Scope only = new Scope.Only(new TenantId(tenant));
                    assertThat(sum(aggregator.cells(only, span)))
                            .as("seed %d, %s, %s", seed, span, tenant)
                            .isEqualTo(
                                    naive(
                                            bills,
                                            inSpan.and(bill -> bill.getTenant().equals(tenant))));
                }
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void sameBillsInAnotherOrderMakeTheSameCube(long seed) {
        // Given
        Random random = new Random(seed);
        List<UsageRecord> bills = drawn(random);
        List<UsageRecord> shuffled = new ArrayList<>(bills);
        Collections.shuffle(shuffled, random);
        try (AggregatorInATest first = new AggregatorInATest(NOW);
                AggregatorInATest second = new AggregatorInATest(NOW)) {
            // When
            bills.forEach(first::send);
            shuffled.forEach(second::send);

            // Then
            for (Width width : Width.values()) {
                assertThat(second.cells(ALL, width))
                        .as("seed %d", seed)
                        .isEqualTo(first.cells(ALL, width));
            }
        }
    }

    private static List<UsageRecord> drawn(Random random) {
        List<UsageRecord> bills = new ArrayList<>();
        for (int i = 0; i < BILLS; i++) {
            bills.add(Bills.drawn(random, NOW));
        }
        return bills;
    }

    private static Totals sum(List<Cell> cells) {
        return cells.stream().map(Cell::totals).reduce(Totals.NONE, Totals::plus);
    }

    private static Totals naive(List<UsageRecord> bills, Predicate<UsageRecord> wanted) {
        return bills.stream().filter(wanted).map(Totals::of).reduce(Totals.NONE, Totals::plus);
    }
}
