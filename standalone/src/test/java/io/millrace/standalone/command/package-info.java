/** Tests of the command room. */
@NullMarked
package io.millrace.standalone.command;

import org.jspecify.annotations.NullMarked;
