package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.behaviour.Repetitions;
import io.millrace.simulatedprovider.http.Layer;
import io.millrace.simulatedprovider.http.Listener;
import io.millrace.simulatedprovider.ledger.Ledger;
import io.millrace.simulatedprovider.ledger.LedgerSummary;
import io.millrace.simulatedprovider.tls.SelfSigned;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;

/** A running simulated provider. Thread-safe. */
public final class SimulatedProvider implements AutoCloseable {

    // Retries of a call come within minutes; at 5,000 calls/s this is the last 50 s of first calls.
    private static final int REMEMBERED_KEYS = 250_000;

    // Callers may keep connections that carry no call.
    private static final int IDLE_CONNECTIONS = 4_096;

    private final Ledger ledger;
    private final Listener listener;
    private final String scheme;

    private SimulatedProvider(Ledger ledger, Listener listener, Encryption encryption) {
        this.ledger = ledger;
        this.listener = listener;
        this.scheme =
                switch (encryption) {
                    case Encryption.None() -> "http";
                    case Encryption.Tls _ -> "https";
                };
    }

    /**
     * Starts one; it answers when this returns.
     *
     * @throws IOException when the port is taken, or ledger or certificate cannot be written
     */
    public static SimulatedProvider start(SimulatedProviderConfig config) throws IOException {
        return start(config, InstantSource.system());
    }

    static SimulatedProvider start(SimulatedProviderConfig config, InstantSource clock)
            throws IOException {
        Ledger ledger = Ledger.open(config.ledger(), clock);
        try {
            Calls calls =
                    new Calls(
                            new Gate(config.apiKeys(), new KeyLimits(config.limits())),
                            ledger,
                            new Delivery(new Lazy<>(Gigabyte::gzipped)),
                            new Repetitions(REMEMBERED_KEYS),
                            config,
                            clock);
            int connections = config.maximumCalls() + IDLE_CONNECTIONS;
            Doors doors = new Doors(calls, ledger);
            return new SimulatedProvider(
                    ledger,
                    switch (config.encryption()) {
                        case Encryption.None() ->
                                Listener.open(config.port(), connections, doors, Layer.PLAIN);
                        case Encryption.Tls(Path pem) ->
                                Listener.open(config.port(), connections, doors, tls(pem, clock));
                    },
                    config.encryption());
        } catch (IOException e) {
            ledger.close();
            throw e;
        }
    }

    private static Layer tls(Path pem, InstantSource clock) throws IOException {
        SelfSigned certificate = SelfSigned.make(clock.instant());
        Files.writeString(pem, certificate.pem());
        return Layer.tls(certificate.serverContext());
    }

    public int port() {
        return listener.port();
    }

    /** Where it answers, without a slash at the end. */
    public String url() {
        return scheme + "://127.0.0.1:" + port();
    }

    /** The ledger in numbers, after everything so far has reached its file. */
    public LedgerSummary summary() {
        return ledger.summary();
    }

    /**
     * Breaks off the calls under way, which end in the ledger with what was sent of them, and
     * closes the ledger.
     */
    @Override
    public void close() throws IOException {
        try {
            listener.close();
        } finally {
            ledger.close();
        }
    }
}
