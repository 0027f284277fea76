/**
 * The dialect of OpenAI's API, which most providers and model servers speak.
 *
 * <p>Here may not live: HTTP itself, what an answer means, the choice of a provider.
 */
@NullMarked
package io.millrace.dispatcher.provider.openai;

import org.jspecify.annotations.NullMarked;
