/**
 * The dispatcher: takes jobs from the log within every tenant's quota, calls providers, and settles
 * each outcome once, whatever crashes.
 */
@NullMarked
package io.millrace.dispatcher;

import org.jspecify.annotations.NullMarked;
