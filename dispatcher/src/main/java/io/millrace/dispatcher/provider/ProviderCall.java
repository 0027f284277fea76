package io.millrace.dispatcher.provider;

import io.millrace.schemas.id.JobId;
import java.time.Instant;
import java.util.Optional;

/**
 * One call to be made.
 *
 * @param job the job it is for, sent along so that a provider's log can be compared with ours
 * @param attempt number of the attempt, from 1
 * @param endpoint path of the endpoint in OpenAI's or Anthropic's API, such as {@code
 *     /v1/embeddings}
 * @param model name of the model at the provider; replaces the one in the body
 * @param body JSON object in UTF-8 as the client sent it
 * @param deadline when the call has ended at the latest
 * @param traceparent W3C trace context to send along
 */
@SuppressWarnings("ArrayRecordComponent") // bodies are bytes; calls are never compared
public record ProviderCall(
        JobId job,
        int attempt,
        String endpoint,
        String model,
        byte[] body,
        Instant deadline,
        Optional<String> traceparent) {

    public ProviderCall {
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt must be 1 or more, but was " + attempt);
        }
    }
}
