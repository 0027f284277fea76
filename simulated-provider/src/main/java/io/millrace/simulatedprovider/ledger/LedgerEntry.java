package io.millrace.simulatedprovider.ledger;

import java.time.Instant;

/** One line of the ledger. */
public sealed interface LedgerEntry {

    /** The number of the call: from 1, unique in a file, across restarts too. */
    long call();

    /** When it happened, by the provider's clock. */
    Instant at();

    /** The header {@code x-millrace-job} as received, empty when there was none. */
    String job();

    /**
     * A call was received whole and is now being worked on.
     *
     * @param attempt the header {@code x-millrace-attempt} as received, empty when there was none
     * @param traceparent the header of that name as received, empty when there was none
     * @param path the path of the request, such as {@code /v1/chat/completions}
     * @param model the model asked for, empty when the body did not say
     */
    record Started(
            long call,
            Instant at,
            String job,
            String attempt,
            String traceparent,
            String path,
            String model)
            implements LedgerEntry {
        public Started {
            requireCall(call);
        }
    }

    /**
     * A call is over for the provider.
     *
     * @param status the HTTP status put on the wire, 0 when the call ended before any was
     * @param fault what was done to the answer, {@code none} for a good one
     * @param inputTokens what the bill says, whatever the answer claimed
     * @param outputTokens likewise
     * @param closedByClient the client was seen to leave before the last byte was written; one that
     *     leaves while that is on its way is not seen
     */
    record Ended(
            long call,
            Instant at,
            String job,
            int status,
            String fault,
            long inputTokens,
            long outputTokens,
            boolean closedByClient)
            implements LedgerEntry {
        public Ended {
            requireCall(call);
            if (status != 0 && (status < 100 || status > 599)) {
                throw new IllegalArgumentException(
                        "status must be 0 or an HTTP status, but was " + status);
            }
            if (inputTokens < 0 || outputTokens < 0) {
                throw new IllegalArgumentException(
                        "billed tokens must not be negative, but were %d and %d"
                                .formatted(inputTokens, outputTokens));
            }
        }
    }

    private static void requireCall(long call) {
        if (call < 1) {
            throw new IllegalArgumentException("call must be at least 1, but was " + call);
        }
    }
}
