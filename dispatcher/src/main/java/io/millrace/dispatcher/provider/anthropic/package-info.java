/**
 * The dialect of Anthropic's API.
 *
 * <p>Here may not live: HTTP itself, what an answer means, the choice of a provider.
 */
@NullMarked
package io.millrace.dispatcher.provider.anthropic;

import org.jspecify.annotations.NullMarked;
