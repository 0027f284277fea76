/**
 * HTTP as calls to providers need it: one POST, held to every limit, whose end says for certain
 * whether the request had left the house. Two wires do it, one a version of HTTP.
 *
 * <p>Here may not live: a dialect, JSON, the decision what a status means.
 */
@NullMarked
package io.millrace.dispatcher.provider.http;

import org.jspecify.annotations.NullMarked;
