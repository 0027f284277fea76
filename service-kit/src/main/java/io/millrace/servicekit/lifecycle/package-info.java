/**
 * Parts that start and stop in order.
 *
 * <p>Here may not live: what the parts do.
 */
@NullMarked
package io.millrace.servicekit.lifecycle;

import org.jspecify.annotations.NullMarked;
