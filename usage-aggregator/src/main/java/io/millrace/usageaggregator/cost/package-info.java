/**
 * Money as it is told to clients: exact sums in US dollars.
 *
 * <p>Here may not live: Kafka, HTTP, or a price; what a job cost is stamped at its settlement.
 */
@NullMarked
package io.millrace.usageaggregator.cost;

import org.jspecify.annotations.NullMarked;
