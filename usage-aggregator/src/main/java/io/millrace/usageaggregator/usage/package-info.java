/**
 * The cube: what was used, summed by minute and by day for each combination of facets.
 *
 * <p>Here live the intake of the topic {@code usage}, the cells and how they are stored and
 * scanned. Here may not live: HTTP, JSON, or how a client groups and filters what it asks for.
 */
@NullMarked
package io.millrace.usageaggregator.usage;

import org.jspecify.annotations.NullMarked;
