/**
 * How every HTTP server and JSON reader of ours is set, and whom our clients trust.
 *
 * <p>Here may not live: a route.
 */
@NullMarked
package io.millrace.servicekit.http;

import org.jspecify.annotations.NullMarked;
