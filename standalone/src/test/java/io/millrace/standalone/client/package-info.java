/** Tests of the client room, and an API that they can be played against. */
@NullMarked
package io.millrace.standalone.client;

import org.jspecify.annotations.NullMarked;
