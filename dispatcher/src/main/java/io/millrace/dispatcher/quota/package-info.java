/**
 * The quota room: decides whether a tenant's next call may start. Everything is a function of
 * state, request and time.
 *
 * <p>Here may not live: Kafka or HTTP, a clock or a thread, provider limits, prices.
 */
@NullMarked
package io.millrace.dispatcher.quota;

import org.jspecify.annotations.NullMarked;
