package io.millrace.usageaggregator.usage;

import java.time.Instant;

/**
 * A cell of the cube: the sum over one bucket for one combination of facets.
 *
 * @param start begin of the bucket
 */
public record Cell(Width width, Instant start, Facets facets, Totals totals) {}
