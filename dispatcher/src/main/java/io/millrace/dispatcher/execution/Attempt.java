package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Target;

/**
 * One attempt that may start: its job, where it goes, and the hold it has on the provider.
 *
 * @param bounds tokens it may use
 * @param lease to be released when it ends, whatever happens
 */
record Attempt(Job job, Route route, Target target, TokenBounds bounds, ProviderPool.Lease lease) {}
