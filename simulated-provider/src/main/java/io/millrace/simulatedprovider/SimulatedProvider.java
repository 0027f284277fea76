package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.behaviour.Repetitions;
import io.millrace.simulatedprovider.http.Listener;
import io.millrace.simulatedprovider.ledger.Ledger;
import io.millrace.simulatedprovider.ledger.LedgerSummary;
import java.io.IOException;
import java.time.InstantSource;

/** A running simulated provider. Thread-safe. */
public final class SimulatedProvider implements AutoCloseable {

    // Retries of a call come within minutes; at 5,000 calls/s this is the last 50 s of first calls.
    private static final int REMEMBERED_KEYS = 250_000;

    // Callers may keep connections that carry no call.
    private static final int IDLE_CONNECTIONS = 4_096;

    private final Ledger ledger;
    private final Listener listener;

    private SimulatedProvider(Ledger ledger, Listener listener) {
        this.ledger = ledger;
        this.listener = listener;
    }

    /**
     * Starts one; it answers when this returns.
     *
     * @throws IOException when the port is taken or the ledger cannot be written
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
                            new Gate(config.apiKey(), new RequestLimit(config.requestsPerMinute())),
                            ledger,
                            new Delivery(new Lazy<>(Gigabyte::gzipped)),
                            new Repetitions(REMEMBERED_KEYS),
                            config,
                            clock);
            int connections = config.maximumCalls() + IDLE_CONNECTIONS;
            Listener listener = Listener.open(config.port(), connections, new Doors(calls, ledger));
            return new SimulatedProvider(ledger, listener);
        } catch (IOException e) {
            ledger.close();
            throw e;
        }
    }

    public int port() {
        return listener.port();
    }

    /** Where it answers, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + port();
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
