/**
 * The dialect of OpenAI's API, which most providers and model servers speak.
 *
 * <p>What an answer means:
 *
 * <pre>
 *   2xx, JSON of the expected shape             Completed
 *   2xx with an error in it                     as the status or type that the error names, else Retryable
 *   401, 403                                    Retryable while another key is left, else Refused as 502
 *   408, 409, 425, 429, 5xx                     Retryable, after its Retry-After
 *   other 4xx                                   Refused, with its status and its error
 *   3xx                                         Refused as 502: the base URL is wrong
 *   no connection                               Retryable
 *   deadline, silence, reset, cut, no JSON,     Unknown
 *   wrong shape, too large, compressed
 * </pre>
 *
 * <p>Here may not live: HTTP itself, the choice of a provider.
 */
@NullMarked
package io.millrace.dispatcher.provider.openai;

import org.jspecify.annotations.NullMarked;
