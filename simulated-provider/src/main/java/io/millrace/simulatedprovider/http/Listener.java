package io.millrace.simulatedprovider.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes connections on 127.0.0.1 and serves each on a virtual thread. Thread-safe. */
public final class Listener implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 4_096;
    private static final Duration AFTER_FAILURE = Duration.ofMillis(10); // such as: no file handle
    private static final Duration CLOSING = Duration.ofSeconds(5);

    private final ServerSocket server;
    private final Handler handler;
    private final Layer layer;
    private final int maximumConnections;
    private final Semaphore free;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private Listener(ServerSocket server, int maximumConnections, Handler handler, Layer layer) {
        this.layer = layer;
        this.server = server;
        this.handler = handler;
        this.maximumConnections = maximumConnections;
        this.free = new Semaphore(maximumConnections);
    }

    /**
     * Opens a port.
     *
     * @param port 0 for a free one
     * @param maximumConnections more wait to be accepted
     */
    public static Listener open(int port, int maximumConnections, Handler handler, Layer layer)
            throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.setReuseAddress(true);
            InetAddress loopback = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            server.bind(new InetSocketAddress(loopback, port), BACKLOG);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        Listener listener = new Listener(server, maximumConnections, handler, layer);
        Thread.ofPlatform().daemon().name("simulated-provider").start(listener::accept);
        return listener;
    }

    public int port() {
        return server.getLocalPort();
    }

    /** Closes the port and all connections, and waits until no call is being served. */
    @Override
    public void close() throws IOException {
        closed = true;
        server.close();
        connections.forEach(Connection::close);
        try {
            if (free.tryAcquire(maximumConnections, CLOSING.toMillis(), TimeUnit.MILLISECONDS)) {
                free.release(maximumConnections); // the accepting thread may be waiting for one
            } else {
                log.atWarn()
                        .addKeyValue("connections", maximumConnections - free.availablePermits())
                        .log("Connections were still busy at the end");
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void accept() {
        while (!closed) {
            free.acquireUninterruptibly();
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().start(() -> serveAndFree(socket));
            } catch (IOException e) {
                free.release();
                if (!closed) {
                    log.atWarn().setCause(e).log("A connection was not accepted");
                    LockSupport.parkNanos(AFTER_FAILURE.toNanos());
                }
            }
        }
    }

    private void serveAndFree(Socket socket) {
        try {
            serve(socket);
        } catch (IOException e) {
            log.atDebug().setCause(e).log("A client left");
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("A call failed");
        } finally {
            free.release();
        }
    }

    private void serve(Socket socket) throws IOException {
        try (socket;
                Connection connection = new Connection(socket, layer)) {
            connections.add(connection);
            try {
                serve(connection);
            } finally {
                connections.remove(connection);
            }
        }
    }

    private void serve(Connection connection) throws IOException {
        boolean open = !closed;
        while (open) {
            try {
                Optional<HttpRequest> request = connection.next();
                open =
                        request.isPresent()
                                && handler.handle(request.get(), connection)
                                && request.get().isPersistent()
                                && !closed;
            } catch (RefusedRequestException e) {
                refuse(e, connection);
                open = false;
            }
        }
    }

    private static void refuse(RefusedRequestException refusal, Connection connection)
            throws IOException {
        byte[] reason = refusal.reason().getBytes(StandardCharsets.UTF_8);
        Map<String, String> headers =
                Map.of(
                        "content-type", "text/plain",
                        "content-length", Integer.toString(reason.length),
                        "connection", "close");
        connection.write(new ResponseHead(refusal.status(), headers).bytes());
        connection.write(reason);
    }
}
