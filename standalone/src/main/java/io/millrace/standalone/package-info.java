/**
 * The one process a user starts: {@code main} and nothing else.
 *
 * <p>Rooms: {@code command} what a user may type, {@code data} the data folder, {@code broker}
 * Kafka inside this JVM, {@code registry} the schema registry beside it, {@code process} what a
 * process needs of its machine.
 */
@NullMarked
package io.millrace.standalone;

import org.jspecify.annotations.NullMarked;
