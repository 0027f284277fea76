package io.millrace.usageaggregator.query;

import io.millrace.usageaggregator.usage.Cell;
import io.millrace.usageaggregator.usage.Facet;
import io.millrace.usageaggregator.usage.Totals;
import java.time.Instant;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a question adds up to: a sum for each bucket and group. Not thread-safe. */
final class Sums {

    // Some 10 MB of answer; a console shows a hundredth of it.
    private static final int MAX_ROWS = 50_000;

    /**
     * A bucket and a group in it.
     *
     * @param start begin of the bucket
     * @param group values of the facets that are told apart
     */
    record Row(Instant start, Map<Facet, String> group) {

        Row {
            group = Map.copyOf(group);
        }

        /** Returns the values in the order of the facets. */
        List<String> values() {
            return group.entrySet().stream()
                    .sorted(Map.Entry.comparingByKey())
                    .map(Map.Entry::getValue)
                    .toList();
        }
    }

    private final Map<Row, Totals> rows = new HashMap<>();

    /** Adds a cell, if the question wants it. */
    void add(Question question, Cell cell) {
        if (question.wants(cell.facets())) {
            Map<Facet, String> group = new EnumMap<>(Facet.class);
            question.groups().forEach(facet -> group.put(facet, facet.of(cell.facets())));
            add(new Row(question.width().floor(cell.start()), group), cell.totals());
        }
    }

    /** Adds to a row. */
    void add(Row row, Totals totals) {
        rows.merge(row, totals, Totals::plus);
        if (rows.size() > MAX_ROWS) {
            throw new BadParameterException(
                    "group_by",
                    "too_many_groups",
                    "makes more than %d results; ask for less time, or filter".formatted(MAX_ROWS));
        }
    }

    /** Adds what another instance summed for the same question. */
    void add(Sums other) {
        other.rows.forEach(this::add);
    }

    Map<Row, Totals> rows() {
        return Map.copyOf(rows);
    }
}
