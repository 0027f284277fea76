/**
 * Ids of tenants, jobs, batches, files and keys, and the slot function.
 *
 * <p>Here may not live: randomness or a clock of its own; they are arguments.
 */
@NullMarked
package io.millrace.schemas.id;

import org.jspecify.annotations.NullMarked;
