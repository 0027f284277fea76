/**
 * The process room: what a process of ours needs of the machine it runs on.
 *
 * <p>Here live ports, the identity of processes written down for the next start, the end of this
 * process by a signal, and where its own jars lie.
 *
 * <p>Here may not live: Kafka, the registry, HTTP, a command. Other rooms depend on this one, it on
 * none.
 */
@NullMarked
package io.millrace.standalone.process;

import org.jspecify.annotations.NullMarked;
