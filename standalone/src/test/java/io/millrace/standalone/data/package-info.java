/** Tests of the data room. */
@NullMarked
package io.millrace.standalone.data;

import org.jspecify.annotations.NullMarked;
