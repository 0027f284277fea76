package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.ledger.LedgerDestination;
import java.nio.file.Path;
import java.util.List;

/**
 * How a simulated provider is run.
 *
 * @param port 0 to 65535, 0 for a free one
 * @param ledger where calls are written down
 * @param seed decides everything that looks like chance
 * @param limits how many calls and tokens are admitted
 * @param apiKeys of which callers must send one as {@code Authorization: Bearer} or {@code
 *     x-api-key}; none when they need not
 * @param maximumCalls how many calls are under way at most, 1 to 100,000; others get 503
 * @param encryption whether TLS is spoken
 */
public record SimulatedProviderConfig(
        int port,
        LedgerDestination ledger,
        long seed,
        Limits limits,
        List<String> apiKeys,
        int maximumCalls,
        Encryption encryption) {

    public static final SimulatedProviderConfig DEFAULTS =
            new SimulatedProviderConfig(
                    0,
                    new LedgerDestination.CountersOnly(),
                    1,
                    Limits.NONE,
                    List.of(),
                    20_000,
                    new Encryption.None());

    /**
     * How much is admitted in any 60 s.
     *
     * @param requestsPerMinute calls, 0 to 1,000,000, 0 for any number
     * @param tokensPerMinute tokens of input and answer, 0 to 1,000,000,000, 0 for any number
     * @param perKey whether each API key has these limits for itself
     */
    public record Limits(int requestsPerMinute, int tokensPerMinute, boolean perKey) {

        public static final Limits NONE = new Limits(0, 0, false);

        public Limits {
            requireRange("requests-per-minute", requestsPerMinute, 0, 1_000_000);
            requireRange("tokens-per-minute", tokensPerMinute, 0, 1_000_000_000);
        }
    }

    public SimulatedProviderConfig {
        requireRange("port", port, 0, 65_535);
        requireRange("max-calls", maximumCalls, 1, 100_000);
        apiKeys = List.copyOf(apiKeys);
    }

    public SimulatedProviderConfig withPort(int number) {
        return new SimulatedProviderConfig(
                number, ledger, seed, limits, apiKeys, maximumCalls, encryption);
    }

    public SimulatedProviderConfig withLedger(Path file) {
        return new SimulatedProviderConfig(
                port,
                new LedgerDestination.File(file),
                seed,
                limits,
                apiKeys,
                maximumCalls,
                encryption);
    }

    public SimulatedProviderConfig withSeed(long value) {
        return new SimulatedProviderConfig(
                port, ledger, value, limits, apiKeys, maximumCalls, encryption);
    }

    public SimulatedProviderConfig withRequestsPerMinute(int requests) {
        return withLimits(new Limits(requests, limits.tokensPerMinute(), limits.perKey()));
    }

    public SimulatedProviderConfig withTokensPerMinute(int tokens) {
        return withLimits(new Limits(limits.requestsPerMinute(), tokens, limits.perKey()));
    }

    public SimulatedProviderConfig withLimitsPerKey() {
        return withLimits(new Limits(limits.requestsPerMinute(), limits.tokensPerMinute(), true));
    }

    /** With these keys instead of those there are. */
    public SimulatedProviderConfig withApiKeys(List<String> keys) {
        return new SimulatedProviderConfig(
                port, ledger, seed, limits, keys, maximumCalls, encryption);
    }

    public SimulatedProviderConfig withMaximumCalls(int calls) {
        return new SimulatedProviderConfig(port, ledger, seed, limits, apiKeys, calls, encryption);
    }

    /** With TLS, and the certificate written to a file. */
    public SimulatedProviderConfig withTls(Path pem) {
        return new SimulatedProviderConfig(
                port, ledger, seed, limits, apiKeys, maximumCalls, new Encryption.Tls(pem));
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "SimulatedProviderConfig[port=%d, ledger=%s, seed=%d, limits=%s, apiKeys=%d, maximumCalls=%d, encryption=%s]"
                .formatted(port, ledger, seed, limits, apiKeys.size(), maximumCalls, encryption);
    }

    private SimulatedProviderConfig withLimits(Limits some) {
        return new SimulatedProviderConfig(
                port, ledger, seed, some, apiKeys, maximumCalls, encryption);
    }

    private static void requireRange(String key, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    "%s must be between %d and %d, but was %d".formatted(key, least, most, value));
        }
    }
}
