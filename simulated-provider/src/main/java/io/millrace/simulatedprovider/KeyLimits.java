package io.millrace.simulatedprovider;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The limits of all callers together, or of each API key for itself. Thread-safe. */
final class KeyLimits {

    private static final String EVERYBODY = "";

    private final SimulatedProviderConfig.Limits limits;
    private final Map<String, Windows> byKey = new ConcurrentHashMap<>();

    private record Windows(RequestLimit requests, TokenLimit tokens) {}

    KeyLimits(SimulatedProviderConfig.Limits limits) {
        this.limits = limits;
    }

    /**
     * Admits a call, or says how long to wait for it.
     *
     * @param key one of the keys that are known, so that there are not endlessly many
     */
    Duration admit(String key, Instant now) {
        return windows(key).requests().admit(now);
    }

    /** Admits a call's tokens, or says how long to wait for them. */
    Duration admit(String key, Instant now, long tokens) {
        return windows(key).tokens().admit(now, tokens);
    }

    private Windows windows(String key) {
        return byKey.computeIfAbsent(
                limits.perKey() ? key : EVERYBODY,
                _ ->
                        new Windows(
                                new RequestLimit(limits.requestsPerMinute()),
                                new TokenLimit(limits.tokensPerMinute())));
    }
}
