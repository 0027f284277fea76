/** Tests of the dead letters room. */
@NullMarked
package io.millrace.standalone.letters;

import org.jspecify.annotations.NullMarked;
