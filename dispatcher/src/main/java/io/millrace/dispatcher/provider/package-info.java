/**
 * The provider room: one call to a model provider, and what became of it.
 *
 * <p>Here live the dialects, the HTTP client that speaks to them, and the built-in model. A call
 * knows nothing of tenants, slots or retries.
 *
 * <p>Here may not live: Kafka, the decision whether to call or to call again, money.
 */
@NullMarked
package io.millrace.dispatcher.provider;

import org.jspecify.annotations.NullMarked;
