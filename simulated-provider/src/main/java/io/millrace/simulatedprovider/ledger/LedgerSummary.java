package io.millrace.simulatedprovider.ledger;

import java.util.Map;

/**
 * The ledger in a few numbers, since this process started.
 *
 * @param byStatus how many calls ended with each status; 0 is for those that got none
 * @param closedByClient how many of the ended ones the client left before the end
 */
public record LedgerSummary(
        long started,
        long ended,
        Map<Integer, Long> byStatus,
        long inputTokens,
        long outputTokens,
        long closedByClient) {

    public LedgerSummary {
        byStatus = Map.copyOf(byStatus);
    }

    /** How many calls are under way. */
    public long running() {
        return started - ended;
    }
}
