/**
 * Writes what was accepted to the log, acknowledged by all replicas.
 *
 * <p>Here may not live: the decision whether to accept it.
 */
@NullMarked
package io.millrace.ingress.submission;

import org.jspecify.annotations.NullMarked;
