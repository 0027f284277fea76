/** Tests of the bench room. */
@NullMarked
package io.millrace.standalone.bench;

import org.jspecify.annotations.NullMarked;
