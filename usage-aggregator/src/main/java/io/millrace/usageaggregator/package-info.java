/**
 * The usage-aggregator: bills become sums, and sums become answers.
 *
 * <pre>
 *   usage ─► usage (cube a minute, cube a day) ─► query ─► /internal/usage/…
 *                    │                             ▲
 *                    └─► dead-letters             cost
 * </pre>
 *
 * <p>Here lives the wiring of the rooms: configuration, meters, Kafka Streams' settings. Here may
 * not live: arithmetic, or the shape of an answer.
 */
@NullMarked
package io.millrace.usageaggregator;

import org.jspecify.annotations.NullMarked;
