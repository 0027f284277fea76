/**
 * The broker room: Kafka inside this JVM, one node that is broker and controller.
 *
 * <p>Here live its settings and its start and stop. It stands on Kafka's internal classes, which
 * may change with every version; nothing else of the product does.
 *
 * <p>Here may not live: topics, clients, anything that a cluster of the user's own would not offer.
 */
@NullMarked
package io.millrace.standalone.broker;

import org.jspecify.annotations.NullMarked;
