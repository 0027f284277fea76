/**
 * How log lines are written.
 *
 * <p>Here may not live: what is logged.
 */
@NullMarked
package io.millrace.servicekit.log;

import org.jspecify.annotations.NullMarked;
