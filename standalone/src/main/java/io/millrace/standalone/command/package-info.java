/**
 * The command room: what a user may type, one class a command.
 *
 * <p>Here live flags, what is printed, exit codes, and the order in which a command starts parts.
 *
 * <p>Here may not live: what the parts do. No other room depends on this one.
 */
@NullMarked
package io.millrace.standalone.command;

import org.jspecify.annotations.NullMarked;
