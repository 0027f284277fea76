package io.millrace.simulatedprovider;

import java.nio.file.Path;

/** Whether a simulated provider speaks TLS. */
public sealed interface Encryption {

    record None() implements Encryption {}

    /**
     * With a certificate of its own making, new at each start.
     *
     * @param pem the file that the certificate is written to
     */
    record Tls(Path pem) implements Encryption {}
}
