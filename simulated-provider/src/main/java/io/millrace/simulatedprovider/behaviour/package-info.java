/**
 * How a call is treated, as the name of its model says.
 *
 * <p>{@code sim} answers well and at once; words after it add latency, faults and shape: {@code
 * sim-20..80ms-429-5%-reset-1%}. {@link
 * io.millrace.simulatedprovider.behaviour.ModelName#DESCRIPTION} is the whole grammar. A name that
 * is no sentence of it is no model: the caller answers 404.
 *
 * <p>Everything is a function of name, seed and which call with the same key it is, so that a run
 * is the same again whatever the order in which its threads come. Here may not live: HTTP, JSON, a
 * clock, a thread.
 */
@NullMarked
package io.millrace.simulatedprovider.behaviour;

import org.jspecify.annotations.NullMarked;
