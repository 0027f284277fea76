/**
 * The built-in embedding model, all-MiniLM-L6-v2 (quantised): a real model inside the process, so
 * that everything works without a provider.
 *
 * <p>It is loaded at its first call, not before: an idle process does not pay its memory. Here may
 * not live: HTTP, a second model.
 */
@NullMarked
package io.millrace.dispatcher.provider.local;

import org.jspecify.annotations.NullMarked;
