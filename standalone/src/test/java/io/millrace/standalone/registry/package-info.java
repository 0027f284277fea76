/** Tests of the registry room. */
@NullMarked
package io.millrace.standalone.registry;

import org.jspecify.annotations.NullMarked;
