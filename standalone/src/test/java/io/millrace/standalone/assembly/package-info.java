/** Tests of the assembly room. */
@NullMarked
package io.millrace.standalone.assembly;

import org.jspecify.annotations.NullMarked;
