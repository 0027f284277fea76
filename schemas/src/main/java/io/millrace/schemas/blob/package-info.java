/**
 * Payloads: inline up to a limit, a claim check on a store that all services share above it.
 *
 * <p>Here may not live: what a payload means.
 */
@NullMarked
package io.millrace.schemas.blob;

import org.jspecify.annotations.NullMarked;
