package io.millrace.dispatcher.provider.http;

import java.time.Duration;

/**
 * The limits of calls to one provider.
 *
 * @param calls calls at the same time, 1 to 100,000; also the number of connections kept
 * @param connect time to get a connection, TLS included
 * @param response time for a whole answer
 * @param idle silence within the body of an answer
 * @param connecting connections made at the same time: each costs milliseconds of CPU for TLS
 * @param answerBytes size of an answer's body
 */
public record HttpLimits(
        int calls,
        Duration connect,
        Duration response,
        Duration idle,
        int connecting,
        int answerBytes) {

    private static final int CONNECTING = 32;
    static final int ANSWER_BYTES = 32 * 1024 * 1024;

    public HttpLimits {
        requireRange("calls", calls, 100_000);
        requireRange("connecting", connecting, 10_000);
        requireRange("answerBytes", answerBytes, 1 << 30);
        requirePositive("connect", connect);
        requirePositive("response", response);
        requirePositive("idle", idle);
    }

    /** The limits of a provider, with our own for what it does not say. */
    public static HttpLimits of(int calls, Duration connect, Duration response, Duration idle) {
        return new HttpLimits(calls, connect, response, idle, CONNECTING, ANSWER_BYTES);
    }

    private static void requireRange(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(
                    "%s must be between 1 and %d, but was %d".formatted(name, most, value));
        }
    }

    private static void requirePositive(String name, Duration value) {
        if (!value.isPositive()) {
            throw new IllegalArgumentException(
                    "%s must be more than nothing, but was %s".formatted(name, value));
        }
    }
}
