/**
 * The registry room: a real schema registry (Apicurio) as a child process, on 127.0.0.1.
 *
 * <p>Here live its command line, its start, its readiness and its end — also when we are killed and
 * cannot end it ourselves.
 *
 * <p>Here may not live: schemas, and clients of the registry.
 */
@NullMarked
package io.millrace.standalone.registry;

import org.jspecify.annotations.NullMarked;
