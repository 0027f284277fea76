/**
 * The execution room: jobs from their start to a verdict. A job waits its turn, each of its
 * attempts is journalled before the call, and the outcome is judged.
 *
 * <p>Here may not live: the reading of topics, the settlement's transaction, a provider's dialect.
 */
@NullMarked
package io.millrace.dispatcher.execution;

import org.jspecify.annotations.NullMarked;
