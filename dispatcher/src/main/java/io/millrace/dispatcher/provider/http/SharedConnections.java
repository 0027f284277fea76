package io.millrace.dispatcher.provider.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.client5.http.HttpHostConnectException;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http2.impl.nio.bootstrap.H2AsyncRequester;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.EndpointParameters;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;

/**
 * The HTTP/2 connections to one provider, each carrying up to {@value #CALLS} calls. Thread-safe.
 *
 * <p>Another one is made when all are full, so that there are as few as the calls need; few are
 * made at a time. One that is old, or on which a call got no answer in time, takes no further call
 * and is closed when its last one has ended: nobody can tell a slow provider from a dead
 * connection.
 */
final class SharedConnections implements AutoCloseable {

    /** Calls of one connection: what servers commonly allow (RFC 9113 advises 100 or more). */
    static final int CALLS = 100;

    private static final long OLDEST_NANOS = Duration.ofMinutes(10).toNanos();

    private final H2AsyncRequester requester;
    private final Duration patience;
    private final Semaphore connecting;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<Shared> all = new ArrayList<>();

    SharedConnections(H2AsyncRequester requester, HttpLimits limits) {
        this.requester = requester;
        this.patience = limits.connect();
        this.connecting = new Semaphore(limits.connecting());
    }

    /** A connection, or one that is being made. */
    final class Shared {

        private final Future<IOSession> session;
        private final long since = System.nanoTime();
        private int calls;
        private boolean retired;

        private Shared(Future<IOSession> session) {
            this.session = session;
        }

        /** Waits until the connection stands. */
        IOSession session(Duration left) throws IOException {
            Duration wait = left.compareTo(patience) < 0 ? left : patience;
            try {
                return session.get(wait.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                throw new ConnectTimeoutException("no connection in time", null);
            } catch (ExecutionException e) {
                throw new HttpHostConnectException(String.valueOf(e.getCause()));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while connecting");
            }
        }

        /**
         * Ends the hold of one call.
         *
         * @param healthy whether the connection may carry further calls
         */
        void release(boolean healthy) {
            lock.lock();
            try {
                calls--;
                retired |= !healthy || System.nanoTime() - since > OLDEST_NANOS;
                if (retired && calls == 0) {
                    all.remove(this);
                    closeGently(session);
                }
            } finally {
                lock.unlock();
            }
        }

        private boolean takesMore() {
            return !retired && calls < CALLS && isOpen(session);
        }
    }

    /** Returns a connection with room, which the caller holds until it releases it. */
    Shared lease(HttpHost host, Duration left) throws IOException {
        Optional<Shared> open = existing();
        if (open.isPresent()) {
            return open.get();
        }
        try {
            if (!connecting.tryAcquire(
                    Math.min(left.toNanos(), patience.toNanos()), TimeUnit.NANOSECONDS)) {
                throw new ConnectTimeoutException("too many connections are being made", null);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted before connecting");
        }
        return existingOrNew(host);
    }

    @Override
    public void close() {
        requester.close(CloseMode.IMMEDIATE);
    }

    private Optional<Shared> existing() {
        lock.lock();
        try {
            all.removeIf(shared -> shared.calls == 0 && !isOpen(shared.session));
            Optional<Shared> emptiest =
                    all.stream()
                            .filter(Shared::takesMore)
                            .min(Comparator.comparingInt(shared -> shared.calls));
            emptiest.ifPresent(shared -> shared.calls++);
            return emptiest;
        } finally {
            lock.unlock();
        }
    }

    /** Looks again, as others may have connected meanwhile. The caller has a permit to connect. */
    private Shared existingOrNew(HttpHost host) {
        lock.lock();
        try {
            Optional<Shared> open = existing();
            if (open.isPresent()) {
                connecting.release();
                return open.get();
            }
            Shared made = new Shared(connect(host));
            made.calls = 1;
            all.add(made);
            return made;
        } finally {
            lock.unlock();
        }
    }

    private Future<IOSession> connect(HttpHost host) {
        return requester.requestSession(
                host,
                Timeout.of(patience),
                new EndpointParameters(host, null),
                new Released<>(connecting));
    }

    private static boolean isOpen(Future<IOSession> session) {
        return switch (session.state()) {
            case RUNNING -> true;
            case SUCCESS -> isOpen(session.resultNow());
            case FAILED, CANCELLED -> false;
        };
    }

    // After the peer's GOAWAY the session is open for the calls that run, its handler is not.
    private static boolean isOpen(IOSession session) {
        return session.isOpen()
                && (!(session.getHandler()
                                instanceof org.apache.hc.core5.http.HttpConnection connection)
                        || connection.isOpen());
    }

    private static void closeGently(Future<IOSession> session) {
        if (session.state() == Future.State.SUCCESS) {
            session.resultNow().close(CloseMode.GRACEFUL);
        } else {
            session.cancel(true);
        }
    }
}
