package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.ledger.LedgerDestination;
import java.nio.file.Path;

/**
 * How a simulated provider is run.
 *
 * @param port 0 to 65535, 0 for a free one
 * @param ledger where calls are written down
 * @param seed decides everything that looks like chance
 * @param requestsPerMinute how many calls are admitted in any 60 s, 0 to 1,000,000, 0 for any
 *     number
 * @param apiKey what callers must send as {@code Authorization: Bearer} or {@code x-api-key}, empty
 *     when they need not
 * @param maximumCalls how many calls are under way at most, 1 to 100,000; others get 503
 */
public record SimulatedProviderConfig(
        int port,
        LedgerDestination ledger,
        long seed,
        int requestsPerMinute,
        String apiKey,
        int maximumCalls) {

    public static final SimulatedProviderConfig DEFAULTS =
            new SimulatedProviderConfig(0, new LedgerDestination.CountersOnly(), 1, 0, "", 20_000);

    public SimulatedProviderConfig {
        requireRange("port", port, 0, 65_535);
        requireRange("requests-per-minute", requestsPerMinute, 0, 1_000_000);
        requireRange("max-calls", maximumCalls, 1, 100_000);
    }

    public SimulatedProviderConfig withPort(int number) {
        return new SimulatedProviderConfig(
                number, ledger, seed, requestsPerMinute, apiKey, maximumCalls);
    }

    public SimulatedProviderConfig withLedger(Path file) {
        return new SimulatedProviderConfig(
                port,
                new LedgerDestination.File(file),
                seed,
                requestsPerMinute,
                apiKey,
                maximumCalls);
    }

    public SimulatedProviderConfig withSeed(long value) {
        return new SimulatedProviderConfig(
                port, ledger, value, requestsPerMinute, apiKey, maximumCalls);
    }

    public SimulatedProviderConfig withRequestsPerMinute(int requests) {
        return new SimulatedProviderConfig(port, ledger, seed, requests, apiKey, maximumCalls);
    }

    public SimulatedProviderConfig withApiKey(String key) {
        return new SimulatedProviderConfig(
                port, ledger, seed, requestsPerMinute, key, maximumCalls);
    }

    public SimulatedProviderConfig withMaximumCalls(int calls) {
        return new SimulatedProviderConfig(port, ledger, seed, requestsPerMinute, apiKey, calls);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "SimulatedProviderConfig[port=%d, ledger=%s, seed=%d, requestsPerMinute=%d, maximumCalls=%d]"
                .formatted(port, ledger, seed, requestsPerMinute, maximumCalls);
    }

    private static void requireRange(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s must be between %d and %d, but was %d".formatted(key, least, most, value));
        }
    }
}
