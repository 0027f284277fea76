package io.millrace.dispatcher.execution;

import io.millrace.schemas.money.Tokens;

/**
 * How many tokens a call may use.
 *
 * @param input input tokens, estimated
 * @param output output tokens at most
 */
public record TokenBounds(Tokens input, Tokens output) {}
