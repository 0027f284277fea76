package io.millrace.usageaggregator.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import java.time.Instant;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;

class CellBytesTest {

    private static final Instant START = Instant.parse("2026-11-22T12:00:00Z");

    @Test
    void cellIsReadAsItWasWritten() {
        // Given
        Totals totals = new Totals(1, 2, 3, 4, 5, new NanoDollars(6), 7, 8);
        Facets facets = facets("acme", "modèle-✓");

        // When
        Bytes key = CellBytes.key(Width.MINUTE, START, facets);
        Cell cell = CellBytes.cell(key, CellBytes.value(totals));

        // Then
        assertThat(cell).isEqualTo(new Cell(Width.MINUTE, START, facets, totals));
    }

    @Test
    void keysSortByTenantThenWidthThenTime() {
        // Given
        Bytes first = CellBytes.key(Width.DAY, START, facets("acme", "z"));
        Bytes second = CellBytes.key(Width.MINUTE, START, facets("acme", "z"));
        Bytes third = CellBytes.key(Width.MINUTE, START.plusSeconds(60), facets("acme", "a"));
        Bytes fourth = CellBytes.key(Width.DAY, START, facets("acme-2", "a"));

        // Then
        assertThat(first).isLessThan(second);
        assertThat(second).isLessThan(third);
        assertThat(third).isLessThan(CellBytes.above(new TenantId("acme")));
        assertThat(CellBytes.above(new TenantId("acme"))).isLessThan(fourth);
    }

    @Test
    void valueOfAnotherVersionIsRefused() {
        // Given
        byte[] value = CellBytes.value(Totals.NONE);
        value[0] = 9;

        // Then
        assertThatIllegalStateException()
                .isThrownBy(() -> CellBytes.totals(value))
                .withMessage("the cube holds cells of version 9; this program knows 1");
    }

    @Test
    void textThatIsTooLongForAKeyIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> facets("acme", "m".repeat(1_025)))
                .withMessage("model must have at most 1024 characters, but has 1025");
    }

    private static Facets facets(String tenant, String model) {
        return new Facets(
                new TenantId(tenant), "k", "", model, "p", "t", "/v1/x", "flex", true, "failed");
    }
}
