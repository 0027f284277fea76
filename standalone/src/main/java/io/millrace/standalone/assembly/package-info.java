/**
 * The assembly room: how a process of Millrace is put together and taken apart.
 *
 * <p>Here live what is configured beyond the file ({@code up} knows its own broker, ports and
 * keys), the order of a start, and what all services of a process share: admin port, meters,
 * clients.
 *
 * <p>Here may not live: what a service does, and what a user types or sees.
 */
@NullMarked
package io.millrace.standalone.assembly;

import org.jspecify.annotations.NullMarked;
