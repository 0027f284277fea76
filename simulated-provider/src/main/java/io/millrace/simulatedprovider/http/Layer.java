package io.millrace.simulatedprovider.http;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** What lies between HTTP and the socket of a connection. Thread-safe. */
public interface Layer {

    /** Nothing. */
    Layer PLAIN = plain -> plain;

    /** Returns what is read and written in place of the socket, waiting for nothing. */
    Socket over(Socket plain) throws IOException;

    /** TLS; the handshake is made by who first reads. */
    static Layer tls(SSLContext context) {
        return plain -> {
            SSLSocket secure =
                    (SSLSocket)
                            context.getSocketFactory()
                                    .createSocket(plain, null, plain.getPort(), true);
            secure.setUseClientMode(false);
            return secure;
        };
    }
}
