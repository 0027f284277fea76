package io.millrace.simulatedprovider.ledger;

import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;

/** A call that is in the ledger as started. Used by the one thread that serves it. */
public final class OpenCall {

    private final Ledger ledger;
    private final long number;
    private final String job;
    private boolean ended;

    OpenCall(Ledger ledger, long number, String job) {
        this.ledger = ledger;
        this.number = number;
        this.job = job;
    }

    public long number() {
        return number;
    }

    /**
     * Records the end; what is said after the first time is ignored, for then the bill is written.
     */
    public void end(
            int status, String fault, long inputTokens, long outputTokens, boolean closedByClient) {
        if (ended) {
            return;
        }
        ended = true;
        ledger.end(
                new Ended(
                        number,
                        ledger.now(),
                        job,
                        status,
                        fault,
                        inputTokens,
                        outputTokens,
                        closedByClient));
    }
}
