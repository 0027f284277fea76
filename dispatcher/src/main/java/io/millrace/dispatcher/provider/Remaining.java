package io.millrace.dispatcher.provider;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What a provider last said is left of its limits, by the headers of an answer.
 *
 * @param requests requests that are left, when it says so
 * @param requestsUntil when they are all there again
 * @param tokens tokens that are left, when it says so
 * @param tokensUntil when they are all there again
 */
public record Remaining(
        OptionalLong requests, Instant requestsUntil, OptionalLong tokens, Instant tokensUntil) {}
