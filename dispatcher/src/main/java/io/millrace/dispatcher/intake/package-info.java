/**
 * The intake room: reads the slots a process is given and the lanes of their tenants, and takes
 * over what another process left.
 *
 * <p>Here may not live: what becomes of a job: that is decided in execution.
 */
@NullMarked
package io.millrace.dispatcher.intake;

import org.jspecify.annotations.NullMarked;
