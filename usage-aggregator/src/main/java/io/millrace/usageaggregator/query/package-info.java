/**
 * The questions: parameters in, sums of the cube out, in the shape of OpenAI's usage and costs API.
 *
 * <p>Here live the parameters, the grouping, the asking of other instances, the answers. Here may
 * not live: Kafka, or anything that writes. Callers are services that show the inner credential;
 * who the client is was decided by ingress.
 */
@NullMarked
package io.millrace.usageaggregator.query;

import org.jspecify.annotations.NullMarked;
