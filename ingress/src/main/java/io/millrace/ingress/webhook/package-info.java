/**
 * Webhooks: whom an event is told, how it is signed, and its delivery until it arrives or is given
 * up.
 *
 * <p>Here may not live: what decides when a job or a batch ends.
 */
@NullMarked
package io.millrace.ingress.webhook;

import org.jspecify.annotations.NullMarked;
