package io.millrace.usageaggregator.query;

import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.usageaggregator.usage.Cell;
import io.millrace.usageaggregator.usage.Cube;
import io.millrace.usageaggregator.usage.CubeUnavailableException;
import io.millrace.usageaggregator.usage.Facets;
import io.millrace.usageaggregator.usage.Instances;
import io.millrace.usageaggregator.usage.Scope;
import io.millrace.usageaggregator.usage.Span;
import io.millrace.usageaggregator.usage.Totals;
import io.millrace.usageaggregator.usage.Width;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** A cube of one partition in memory; it may know of other instances. */
final class FakeCube implements Cube, Instances {

    final List<Cell> cells = new CopyOnWriteArrayList<>();
    final Map<URI, Set<Integer>> others = new ConcurrentHashMap<>();
    volatile boolean restoring;

    /** A request of 10 input and 2 output tokens for 1,500 nano-dollars. */
    void count(Instant at, String tenant, String model, String endpoint) {
        count(at, facets(tenant, model, endpoint));
    }

    void count(Instant at, Facets facets) {
        Totals totals = new Totals(1, 10, 2, 4, 1, new NanoDollars(1_500), 2, 1);
        for (Width width : Width.values()) {
            cells.add(new Cell(width, width.floor(at), facets, totals));
        }
    }

    static Facets facets(String tenant, String model, String endpoint) {
        return new Facets(
                new TenantId(tenant),
                "key-" + tenant,
                "",
                model,
                "sim",
                model + "-1",
                endpoint,
                "default",
                true,
                "completed");
    }

    @Override
    public void scan(Set<Integer> partitions, Scope scope, Span span, Consumer<Cell> visitor) {
        if (restoring) {
            throw new CubeUnavailableException("partition 0 of usage is being restored or moved");
        }
        cells.stream()
                .filter(cell -> cell.width() == span.width())
                .filter(cell -> !cell.start().isBefore(span.from()))
                .filter(cell -> cell.start().isBefore(span.until()))
                .filter(cell ->
                        !(scope instanceof Scope.Only only)
                                || only.tenant().equals(cell.facets().tenant()))
                .forEach(visitor);
    }

    @Override
    public Holders holders(Scope scope) {
        return new Holders(Set.of(0), others);
    }
}
