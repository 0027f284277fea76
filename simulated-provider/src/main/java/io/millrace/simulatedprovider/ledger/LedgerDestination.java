package io.millrace.simulatedprovider.ledger;

import java.nio.file.Path;

/** Where a ledger is kept. */
public sealed interface LedgerDestination {

    /** Nowhere but in the counters of the summary. */
    record CountersOnly() implements LedgerDestination {}

    /**
     * In a file of JSON lines, appended to when it exists.
     *
     * @param path its folder must exist
     */
    record File(Path path) implements LedgerDestination {}
}
