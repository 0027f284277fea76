package io.millrace.usageaggregator.query;

import io.millrace.usageaggregator.usage.Facet;
import io.millrace.usageaggregator.usage.Facets;
import io.millrace.usageaggregator.usage.Scope;
import io.millrace.usageaggregator.usage.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * One page of a report: what to sum, over which buckets, grouped by what.
 *
 * @param from begin of the first bucket of the page
 * @param until end of the last bucket of the page, exclusive
 * @param end end of the last bucket of the last page, exclusive
 * @param groups facets that are told apart
 * @param filters values of which a facet must have one
 */
record Question(
        Report report,
        Scope scope,
        BucketWidth width,
        Instant from,
        Instant until,
        Instant end,
        Set<Facet> groups,
        Map<Facet, Set<String>> filters) {

    Question {
        groups = groups.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(groups));
        filters = Map.copyOf(filters);
    }

    /** Returns the cells that the page is summed from. */
    Span span() {
        return new Span(width.cells(), from, until);
    }

    boolean hasMore() {
        return until.isBefore(end);
    }

    int buckets() {
        return Math.toIntExact(Duration.between(from, until).dividedBy(width.length()));
    }

    /** Returns whether a cell of those facets is asked for. */
    boolean wants(Facets facets) {
        return report.counts(facets)
                && filters.entrySet().stream()
                        .allMatch(filter -> filter.getValue().contains(filter.getKey().of(facets)));
    }
}
