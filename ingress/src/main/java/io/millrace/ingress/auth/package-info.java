/**
 * Who calls: one function for every channel a credential can come through.
 *
 * <p>Here may not live: HTTP routes, or what a caller wants.
 */
@NullMarked
package io.millrace.ingress.auth;

import org.jspecify.annotations.NullMarked;
