package io.millrace.servicekit.http;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.WebServerConfig;
import java.time.Duration;

/** How every HTTP server of ours is set: what Helidon leaves unlimited has a limit here. */
public final class HttpDefaults {

    // openai-java re-uses connections idle up to 5 min and does not retry a POST on a stale one
    private static final Duration IDLE = Duration.ofSeconds(400);
    private static final Duration GRACE = Duration.ofSeconds(10);
    private static final int MAX_CONNECTIONS = 4096;
    private static final int MAX_HEADER_BYTES = 16 * 1024;

    private HttpDefaults() {}

    /**
     * Returns a server to be given its routes.
     *
     * @param port 0 for a free one
     */
    public static WebServerConfig.Builder server(String host, int port) {
        return WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
                // a library on the class path is no reason for a server to behave otherwise
                .featuresDiscoverServices(false)
                .idleConnectionTimeout(IDLE)
                .shutdownGracePeriod(GRACE)
                .maxTcpConnections(MAX_CONNECTIONS)
                // the default costs HTTP/2 nine tenths of its throughput
                .connectionOptions(options -> options.tcpNoDelay(true))
                .addProtocol(
                        io.helidon.webserver.http1.Http1Config.builder()
                                .maxHeadersSize(MAX_HEADER_BYTES)
                                .build());
    }
}
