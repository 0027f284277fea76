/**
 * The dead letters room: what was poison, read for an operator and written again where it lay.
 *
 * <p>Here may not live: flags, exit codes and how it is printed.
 */
@NullMarked
package io.millrace.standalone.letters;

import org.jspecify.annotations.NullMarked;
