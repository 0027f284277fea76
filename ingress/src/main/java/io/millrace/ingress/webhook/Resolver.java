package io.millrace.ingress.webhook;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks DNS, on threads of its own: a look-up holds the thread of the machine it runs on, and a few
 * names of slow servers would stop all virtual threads. Thread-safe.
 */
final class Resolver implements AutoCloseable {

    private static final int THREADS = 128;
    private static final int WAITING = 1024;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Names names;
    private final ExecutorService threads = threads();

    /** Who knows the addresses of a name. */
    @FunctionalInterface
    interface Names {

        InetAddress[] addresses(String name) throws UnknownHostException;
    }

    /** Asks the names of this machine. */
    Resolver() {
        this(InetAddress::getAllByName);
    }

    Resolver(Names names) {
        this.names = names;
    }

    private static ExecutorService threads() {
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(
                        THREADS,
                        THREADS,
                        10,
                        TimeUnit.SECONDS,
                        new LinkedBlockingQueue<>(WAITING),
                        Thread.ofPlatform().name("webhook-dns-", 0).daemon().factory());
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Returns the addresses of a host.
     *
     * @throws UnknownHostException when it has none, or DNS does not say so in time
     */
    List<InetAddress> resolve(String host) throws UnknownHostException {
        try {
            return List.of(InetAddress.ofLiteral(host));
        } catch (IllegalArgumentException _) {
            return look(host);
        }
    }

    private List<InetAddress> look(String host) throws UnknownHostException {
        Future<InetAddress[]> asked;
        try {
            asked = threads.submit(() -> names.addresses(host));
        } catch (RejectedExecutionException e) {
            throw unknown(host, e);
        }
        try {
            return List.of(asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw unknown(host, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unknown(host, e);
        } finally {
            // what nobody waits for any more need not be asked
            var _ = asked.cancel(true);
        }
    }

    private static UnknownHostException unknown(String host, Exception cause) {
        UnknownHostException unknown = new UnknownHostException(host);
        unknown.initCause(cause);
        return unknown;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
