package io.millrace.dispatcher.provider;

import io.millrace.schemas.money.Usage;
import java.time.Duration;
import java.util.Optional;

/** What became of one call. */
public sealed interface Outcome {

    /** The provider answered as asked. */
    @SuppressWarnings("ArrayRecordComponent") // bodies are bytes; outcomes are never compared
    record Completed(int status, byte[] body, Usage usage) implements Outcome {}

    /**
     * The provider said, or it is certain, that it did not carry the call out; another may work.
     *
     * @param status HTTP status of the answer; 0 when no connection was made
     * @param body JSON body for the client, should this have been the last attempt
     * @param after how long to wait, when the provider said so
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Retryable(int status, byte[] body, ProviderError error, Optional<Duration> after)
            implements Outcome {}

    /** The provider answered that it will not, and no further attempt will change its mind. */
    @SuppressWarnings("ArrayRecordComponent")
    record Refused(int status, byte[] body, ProviderError error, Usage usage) implements Outcome {}

    /**
     * Nobody can say whether the provider carried the call out: timeout, reset, broken answer.
     *
     * @param reason stable code: {@code deadline}, {@code broken_answer}, {@code interrupted}
     */
    record Unknown(String reason, ProviderError error) implements Outcome {}
}
