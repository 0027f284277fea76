/**
 * Who may do what, at which price: the control topic read, and millrace.yaml applied to it.
 *
 * <p>Here may not live: HTTP, or any decision about a request.
 */
@NullMarked
package io.millrace.ingress.control;

import org.jspecify.annotations.NullMarked;
