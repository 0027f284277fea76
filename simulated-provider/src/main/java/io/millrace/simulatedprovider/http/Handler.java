package io.millrace.simulatedprovider.http;

import java.io.IOException;

/** Answers requests. Thread-safe. */
public interface Handler {

    /**
     * Writes the answer to the connection; failing means that the client left.
     *
     * @return whether the connection can carry another request
     */
    boolean handle(HttpRequest request, Connection connection) throws IOException;
}
