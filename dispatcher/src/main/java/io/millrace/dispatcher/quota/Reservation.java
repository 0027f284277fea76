package io.millrace.dispatcher.quota;

import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Tokens;
import java.time.Instant;

/**
 * What one call may use at most, held from before its start until its end.
 *
 * @param call which call it is for
 * @param key id of the API key
 * @param model name of the model as control has it
 * @param tokens input tokens, estimated, and output tokens at most
 * @param cost what these cost
 * @param synchronous whether a client's connection waits for the answer
 * @param at when it is asked for
 */
public record Reservation(
        Call call,
        String key,
        String model,
        Tokens tokens,
        NanoDollars cost,
        boolean synchronous,
        Instant at) {}
