package io.millrace.dispatcher.provider.http;

import io.millrace.servicekit.http.Trust;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpCoreContext;
import org.apache.hc.core5.http.protocol.HttpProcessorBuilder;
import org.apache.hc.core5.http2.HttpVersionPolicy;
import org.apache.hc.core5.http2.config.H2Config;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2AsyncRequester;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2RequesterBootstrap;
import org.apache.hc.core5.http2.protocol.H2RequestConnControl;
import org.apache.hc.core5.http2.protocol.H2RequestContent;
import org.apache.hc.core5.http2.protocol.H2RequestTargetHost;
import org.apache.hc.core5.http2.ssl.H2ClientTlsStrategy;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOReactorConfig;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;

/**
 * HTTP/2 by Apache's core: calls share connections, and each is a stream that blocks its own
 * virtual thread. Thread-safe.
 *
 * <p>What a provider may send ahead of its reader is bounded by the window of each stream, so a
 * huge answer stops at the provider.
 */
final class MultiplexedWire implements Wire {

    private static final int THREADS = 2;
    private static final int WINDOW_BYTES = 64 * 1024;
    private static final int HEADER_BYTES = 256 * 1024;
    private static final Duration KEPT = Duration.ofMinutes(3);

    private final SharedConnections connections;
    private final Duration idle;

    MultiplexedWire(HttpLimits limits, Trust trust) {
        H2AsyncRequester requester = requester(limits, trust);
        requester.start();
        this.connections = new SharedConnections(requester, limits);
        this.idle = limits.idle();
    }

    @Override
    public Posting posting(HttpCall call, Progress progress) {
        return new StreamPosting(new StreamCall(call, progress, idle), host(call.address()));
    }

    @Override
    public void close() {
        connections.close();
    }

    private final class StreamPosting implements Posting {

        private final StreamCall stream;
        private final HttpHost host;

        private StreamPosting(StreamCall stream, HttpHost host) {
            this.stream = stream;
            this.host = host;
        }

        @Override
        public Reply send(Duration left) throws IOException {
            SharedConnections.Shared connection = connections.lease(host, left);
            stream.hold(connection);
            try {
                IOSession session = connection.session(left);
                session.enqueue(
                        new RequestExecutionCommand(
                                stream, null, stream.handle(), HttpCoreContext.create()),
                        Command.Priority.NORMAL);
                return stream.awaitHead();
            } catch (IOException | RuntimeException e) {
                stream.leave(false);
                throw e;
            }
        }

        @Override
        public void cancel() {
            stream.cancel();
        }
    }

    private static HttpHost host(URI address) {
        return new HttpHost(address.getScheme(), address.getHost(), address.getPort());
    }

    private static H2AsyncRequester requester(HttpLimits limits, Trust trust) {
        // Silence of a whole connection, longer than any call may be silent.
        Duration silence = limits.response().compareTo(KEPT) > 0 ? limits.response() : KEPT;
        return H2RequesterBootstrap.bootstrap()
                .setVersionPolicy(HttpVersionPolicy.FORCE_HTTP_2)
                .setH2Config(
                        H2Config.custom()
                                .setPushEnabled(false)
                                .setMaxConcurrentStreams(SharedConnections.CALLS)
                                .setInitialWindowSize(WINDOW_BYTES)
                                .setMaxHeaderListSize(HEADER_BYTES)
                                .build())
                .setHttpProcessor(
                        HttpProcessorBuilder.create()
                                .addAll(
                                        H2RequestTargetHost.INSTANCE,
                                        H2RequestContent.INSTANCE,
                                        H2RequestConnControl.INSTANCE)
                                .build())
                .setIOReactorConfig(
                        IOReactorConfig.custom()
                                .setIoThreadCount(THREADS)
                                .setTcpNoDelay(true)
                                .setSoTimeout(Timeout.of(silence))
                                .build())
                .setTlsStrategy(
                        new H2ClientTlsStrategy(
                                trust.context(), MultiplexedWire::requireName, null))
                .setHandshakeTimeout(Timeout.of(limits.connect()))
                .create();
    }

    /** The certificate must name the host: Apache's core leaves that to its user. */
    private static void requireName(NamedEndpoint endpoint, SSLEngine engine) {
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
    }
}
