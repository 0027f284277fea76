/**
 * The ingress service: its parts wired together, its configuration and its meters.
 *
 * <p>Here may not live: what any one of the rooms does.
 */
@NullMarked
package io.millrace.ingress;

import org.jspecify.annotations.NullMarked;
