/**
 * From the state of a provider to the provider: which dialect it speaks, where its keys are.
 *
 * <p>Here may not live: a dialect itself.
 */
@NullMarked
package io.millrace.dispatcher.provider.dialect;

import org.jspecify.annotations.NullMarked;
