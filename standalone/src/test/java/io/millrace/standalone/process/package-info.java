/** Tests of the process room. */
@NullMarked
package io.millrace.standalone.process;

import org.jspecify.annotations.NullMarked;
