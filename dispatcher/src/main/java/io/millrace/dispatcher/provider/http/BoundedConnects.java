package io.millrace.dispatcher.provider.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * Connections of which few are made at a time, so that a burst of calls after a restart does not
 * drown in TLS handshakes. Thread-safe.
 */
final class BoundedConnects implements HttpClientConnectionManager {

    private final HttpClientConnectionManager connections;
    private final Semaphore free;
    private final long waitMillis;

    BoundedConnects(HttpClientConnectionManager connections, HttpLimits limits) {
        this.connections = connections;
        this.free = new Semaphore(limits.connecting());
        this.waitMillis = limits.connect().toMillis();
    }

    @Override
    public void connect(
            ConnectionEndpoint endpoint, @Nullable TimeValue timeout, @Nullable HttpContext context)
            throws IOException {
        try {
            if (!free.tryAcquire(waitMillis, TimeUnit.MILLISECONDS)) {
                throw new ConnectTimeoutException("too many connections are being made", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before connecting");
        }
        try {
            connections.connect(endpoint, timeout, context);
        } finally {
            free.release();
        }
    }

    @Override
    public LeaseRequest lease(String id, HttpRoute route, Timeout timeout, @Nullable Object state) {
        return connections.lease(id, route, timeout, state);
    }

    @Override
    public void release(
            ConnectionEndpoint endpoint, @Nullable Object state, @Nullable TimeValue keep) {
        connections.release(endpoint, state, keep);
    }

    @Override
    public void upgrade(ConnectionEndpoint endpoint, @Nullable HttpContext context)
            throws IOException {
        connections.upgrade(endpoint, context);
    }

    @Override
    public void close(CloseMode mode) {
        connections.close(mode);
    }

    @Override
    public void close() throws IOException {
        connections.close();
    }
}
