/**
 * The settlement room: what a process owns of the slots, and the one transaction that ends jobs.
 * Result, usage, waste, ledger, frontier, retry or dead letter and offsets are one value here,
 * written at once or not at all.
 *
 * <p>Here may not live: a call to a provider, or a decision about a job: what comes here is
 * decided.
 */
@NullMarked
package io.millrace.dispatcher.settlement;

import org.jspecify.annotations.NullMarked;
