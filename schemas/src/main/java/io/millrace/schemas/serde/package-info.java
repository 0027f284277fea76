/**
 * Records to bytes and back: Confluent's wire format by Confluent's own serializer.
 *
 * <p>Here may not live: which topic a record goes to, or a Kafka client.
 */
@NullMarked
package io.millrace.schemas.serde;

import org.jspecify.annotations.NullMarked;
