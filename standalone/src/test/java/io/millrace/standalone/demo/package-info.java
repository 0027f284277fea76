/** Tests of the demo room. */
@NullMarked
package io.millrace.standalone.demo;

import org.jspecify.annotations.NullMarked;
