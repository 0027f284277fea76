/**
 * Kafka clients with our settings spelled out, topics and schemas brought to what a deployment
 * needs.
 *
 * <p>Here may not live: the name of any topic or record.
 */
@NullMarked
package io.millrace.servicekit.kafka;

import org.jspecify.annotations.NullMarked;
