/**
 * The admin port: liveness, readiness and metrics of a process.
 *
 * <p>Here may not live: the meters of any service.
 */
@NullMarked
package io.millrace.servicekit.admin;

import org.jspecify.annotations.NullMarked;
