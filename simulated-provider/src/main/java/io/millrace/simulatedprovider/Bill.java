package io.millrace.simulatedprovider;

import io.millrace.simulatedprovider.dialect.Usage;
import io.millrace.simulatedprovider.http.Connection;
import io.millrace.simulatedprovider.ledger.OpenCall;

/** How a call will stand in the ledger, but for its end. */
record Bill(OpenCall call, String fault, Usage usage) {

    /** The call ended as was meant. */
    void end(int status) {
        call.end(status, fault, usage.inputTokens(), usage.outputTokens(), false);
    }

    /** The connection ended before the call did: by the client, unless this side closed it. */
    void breakOff(int status, Connection connection) {
        boolean byClient = !connection.isClosedHere();
        call.end(status, fault, usage.inputTokens(), usage.outputTokens(), byClient);
    }
}
