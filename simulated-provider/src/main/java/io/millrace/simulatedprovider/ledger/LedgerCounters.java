package io.millrace.simulatedprovider.ledger;

import io.millrace.simulatedprovider.ledger.LedgerEntry.Ended;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** What the summary counts. Thread-safe. */
final class LedgerCounters {

    private final LongAdder started = new LongAdder();
    private final LongAdder ended = new LongAdder();
    private final LongAdder inputTokens = new LongAdder();
    private final LongAdder outputTokens = new LongAdder();
    private final LongAdder closedByClient = new LongAdder();
    private final Map<Integer, LongAdder> byStatus = new ConcurrentHashMap<>();

    void start() {
        started.increment();
    }

    void end(Ended call) {
        byStatus.computeIfAbsent(call.status(), _ -> new LongAdder()).increment();
        inputTokens.add(call.inputTokens());
        outputTokens.add(call.outputTokens());
        if (call.closedByClient()) {
            closedByClient.increment();
        }
        ended.increment();
    }

    LedgerSummary summary() {
        // The ended ones first: a call that starts and ends in between must not make running
        // negative.
        long endedSoFar = ended.sum();
        Map<Integer, Long> statuses = new TreeMap<>();
        byStatus.forEach((status, count) -> statuses.put(status, count.sum()));
        return new LedgerSummary(
                started.sum(),
                endedSoFar,
                statuses,
                inputTokens.sum(),
                outputTokens.sum(),
                closedByClient.sum());
    }
}
