/**
 * The routing room: which target a model's next call goes to, from what control says and how loaded
 * the targets are.
 *
 * <p>Here may not live: Kafka or HTTP, a clock or a thread, quotas of tenants.
 */
@NullMarked
package io.millrace.dispatcher.routing;

import org.jspecify.annotations.NullMarked;
