/**
 * W3C trace context.
 *
 * <p>Here may not live: a tracing backend.
 */
@NullMarked
package io.millrace.servicekit.trace;

import org.jspecify.annotations.NullMarked;
