/**
 * HTTP as every room speaks it: bodies within limits, ids in paths, answers and errors.
 *
 * <p>Here may not live: Kafka, or what a job is.
 */
@NullMarked
package io.millrace.ingress.http;

import org.jspecify.annotations.NullMarked;
