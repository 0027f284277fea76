/**
 * Decides whether a request may become a job: pure, state and request in, a sealed outcome out.
 *
 * <p>Here may not live: Kafka, HTTP, a clock, or any state.
 */
@NullMarked
package io.millrace.ingress.admission;

import org.jspecify.annotations.NullMarked;
