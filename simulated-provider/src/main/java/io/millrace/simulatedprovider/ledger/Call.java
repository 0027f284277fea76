package io.millrace.simulatedprovider.ledger;

import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;
import io.millrace.simulatedprovider.ledger.LedgerEntry.Started;

/** What the ledger says of one call. */
public sealed interface Call {

    Started started();

    /** Not over when the ledger was read, or the provider was killed in the midst of it. */
    record Running(Started started) implements Call {}

    /** Over. */
    record Finished(Started started, Ended ended) implements Call {}
}
