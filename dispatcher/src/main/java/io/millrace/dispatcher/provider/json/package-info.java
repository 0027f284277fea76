/**
 * One call in JSON over HTTP, the same for all dialects but for its address, headers and shape.
 *
 * <p>What an answer means:
 *
 * <pre>
 *   2xx, JSON of the expected shape             Completed
 *   2xx with an error in it                     as the status or type that the error names, else Retryable
 *   401, 403                                    Retryable at once with another key, else as 502 after 3 s
 *   429, and another key is left                Retryable at once: the key is set aside until its Retry-After
 *   408, 409, 425, 429, 5xx                     Retryable, after its Retry-After or its limit's reset
 *   other 4xx                                   Refused, with its status and its error
 *   3xx                                         Refused as 502: the base URL is wrong
 *   no connection                               Retryable
 *   deadline, silence, reset, cut, no JSON,     Unknown
 *   wrong shape, not UTF-8, too large, compressed
 * </pre>
 *
 * <p>Here may not live: HTTP itself, what only one dialect knows, the choice of a provider.
 */
@NullMarked
package io.millrace.dispatcher.provider.json;

import org.jspecify.annotations.NullMarked;
