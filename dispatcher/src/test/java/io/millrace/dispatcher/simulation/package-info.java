/**
 * The deterministic simulation of the dispatcher: real rooms over a played cluster, provider and
 * clock, one step at a time.
 */
@NullMarked
package io.millrace.dispatcher.simulation;

import org.jspecify.annotations.NullMarked;
