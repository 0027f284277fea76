package io.millrace.usageaggregator.usage;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.avro.DeadLetter;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class UsageTopologyTest {

    private static final Instant NOW = Instant.parse("2026-11-22T12:00:30Z");
    private static final Instant MINUTE = Instant.parse("2026-11-22T12:00:00Z");
    private static final Instant DAY = Instant.parse("2026-11-22T00:00:00Z");
    private static final Scope ALL = new Scope.Everyone();

    private final AggregatorInATest aggregator = new AggregatorInATest(NOW);

    @AfterEach
    void close() {
        aggregator.close();
    }

    @Test
    void billsOfOneTupleAreSummedByMinuteAndByDay() {
        // When
        aggregator.send(Bills.of("acme", NOW).build());
        aggregator.send(
                Bills.of("acme", NOW.minusSeconds(20))
                        .setUsage(Bills.tokens(5, 3, 0, 2, true))
                        .setAttempts(2)
                        .setCostNanoUsd(500)
                        .build());

        // Then
        Totals sum = new Totals(2, 15, 5, 4, 3, new NanoDollars(1_500), 3, 1);
        Facets facets =
                new Facets(
                        new TenantId("acme"),
                        "key-1",
                        "search",
                        "small",
                        "sim",
                        "small-1",
                        "/v1/chat/completions",
                        "default",
                        false,
                        "completed");
        assertThat(aggregator.cells(ALL, Width.MINUTE))
                .containsExactly(new Cell(Width.MINUTE, MINUTE, facets, sum));
        assertThat(aggregator.cells(ALL, Width.DAY))
                .containsExactly(new Cell(Width.DAY, DAY, facets, sum));
        assertThat(aggregator.counted).hasValue(2);
    }

    @Test
    void eachFacetTellsSumsApart() {
        // When
        aggregator.send(Bills.of("acme", NOW).build());
        aggregator.send(Bills.of("acme", NOW).setKeyId("key-2").build());
        aggregator.send(Bills.of("acme", NOW).setProject("").build());
        aggregator.send(Bills.of("acme", NOW).setBatch(true).build());
        aggregator.send(Bills.of("acme", NOW).setStatus(JobStatus.FAILED).build());
        aggregator.send(Bills.of("other", NOW).build());

        // Then
        assertThat(aggregator.cells(ALL, Width.MINUTE))
                .hasSize(6)
                .allSatisfy(cell -> assertThat(cell.totals().requests()).isEqualTo(1));
    }

    @Test
    void lateBillCountsInItsOwnBucket() {
        // Given
        aggregator.send(Bills.of("acme", NOW).build());

        // When
        aggregator.send(Bills.of("acme", NOW.minus(Duration.ofDays(3))).build());

        // Then
        assertThat(aggregator.cells(ALL, Width.MINUTE))
                .extracting(Cell::start)
                .containsExactly(MINUTE.minus(Duration.ofDays(3)), MINUTE);
        assertThat(aggregator.cells(ALL, Width.DAY))
                .extracting(Cell::start)
                .containsExactly(DAY.minus(Duration.ofDays(3)), DAY);
    }

    @Test
    void billOlderThanMinutesAreKeptCountsInItsDay() {
        // When
        aggregator.send(Bills.of("acme", NOW.minus(Duration.ofDays(9))).build());

        // Then
        assertThat(aggregator.cells(ALL, Width.MINUTE)).isEmpty();
        assertThat(aggregator.cells(ALL, Width.DAY)).hasSize(1);
    }

    @Test
    void oldCellsAreDropped() {
        // Given
        aggregator.send(Bills.of("acme", NOW).build());
        aggregator.send(Bills.of("other", NOW.minus(Duration.ofDays(7))).build());

        // When
        aggregator.pass(Duration.ofDays(2));

        // Then
        assertThat(aggregator.cells(ALL, Width.MINUTE)).hasSize(1);
        assertThat(aggregator.cells(ALL, Width.DAY)).hasSize(2);
    }

    @Test
    void tenantSeesItsOwnCellsOfTheSpanOnly() {
        // Given: a name that another one begins with
        aggregator.send(Bills.of("acme", NOW).build());
        aggregator.send(Bills.of("acme", NOW.minusSeconds(60)).build());
        aggregator.send(Bills.of("acme", NOW.plusSeconds(60)).build());
        aggregator.send(Bills.of("acme-2", NOW).build());

        // When
        Span span = new Span(Width.MINUTE, MINUTE, MINUTE.plusSeconds(60));
        List<Cell> own = aggregator.cells(new Scope.Only(new TenantId("acme")), span);
        List<Cell> all = aggregator.cells(ALL, span);

        // Then
        assertThat(own).extracting(cell -> cell.facets().tenant().value()).containsExactly("acme");
        assertThat(all)
                .extracting(cell -> cell.facets().tenant().value())
                .containsExactly("acme", "acme-2");
    }

    @Test
    void undecodableRecordGoesToTheDeadLettersAndTheNextIsCounted() {
        // Given
        byte[] poison = "no avro".getBytes(StandardCharsets.UTF_8);

        // When
        aggregator.send(poison);
        aggregator.send(Bills.of("acme", NOW).build());

        // Then
        assertThat(aggregator.cells(ALL, Width.MINUTE)).hasSize(1);
        assertThat(aggregator.deadLettered).hasValue(1);
        List<DeadLetter> letters = aggregator.deadLetters();
        assertThat(letters).hasSize(1);
        assertThat(letters.getFirst().getReason()).isEqualTo("undecodable");
        assertThat(letters.getFirst().getSource().getTopic()).isEqualTo("usage");
        assertThat(letters.getFirst().getValue().array()).isEqualTo(poison);
    }

    @Test
    void billThatCannotBeGoesToTheDeadLetters() {
        // When
        aggregator.send(Bills.of("acme", NOW).setCostNanoUsd(-1).build());
        aggregator.send(Bills.of("No Tenant", NOW).build());
        aggregator.send(Bills.of("acme", NOW).setUsage(Bills.tokens(-1, 0, 0, 0, false)).build());
        aggregator.send(Bills.of("acme", Instant.ofEpochMilli(-1)).build());

        // Then
        assertThat(aggregator.deadLetters())
                .extracting(DeadLetter::getReason)
                .hasSize(4)
                .containsOnly("impossible");
        assertThat(aggregator.cells(ALL, Width.DAY)).isEmpty();
    }

    @Test
    void billThatOverflowsASumIsSetAsideAndLeavesItAsItWas() {
        // Given
        aggregator.send(Bills.of("acme", NOW).build());

        // When
        aggregator.send(Bills.of("acme", NOW).setCostNanoUsd(Long.MAX_VALUE).build());

        // Then
        assertThat(aggregator.deadLetters())
                .extracting(DeadLetter::getReason)
                .containsExactly("overflow");
        assertThat(aggregator.cells(ALL, Width.DAY))
                .extracting(cell -> cell.totals().cost().amount())
                .containsExactly(1_000L);
    }
}
