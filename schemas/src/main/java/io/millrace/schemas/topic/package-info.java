/**
 * The one list of topics, the names of tenants' own topics, and the names of record headers.
 *
 * <p>Here may not live: clients, or anything that reads or writes a topic.
 */
@NullMarked
package io.millrace.schemas.topic;

import org.jspecify.annotations.NullMarked;
