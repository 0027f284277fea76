package io.millrace.ingress.jobs;

import io.millrace.ingress.http.UnavailableException;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Those who wait for news of an id; a bounded number, woken by the view. Thread-safe. */
final class Waiters {

    private final int limit;
    private final Semaphore free;
    private final Map<String, Set<Parked>> byId = new ConcurrentHashMap<>();
    private volatile boolean closed;

    Waiters(int limit) {
        this.limit = limit;
        this.free = new Semaphore(limit);
    }

    /**
     * Begins to listen for news of an id; what comes before the wait is not missed.
     *
     * @throws UnavailableException when too many wait already
     */
    Parked park(String id) {
        if (!free.tryAcquire()) {
            throw new UnavailableException(
                    "Too many requests are waiting at the moment.", Duration.ofSeconds(1));
        }
        Parked parked = new Parked(id);
        byId.compute(
                id,
                (_, others) -> {
                    Set<Parked> all = others == null ? ConcurrentHashMap.newKeySet() : others;
                    all.add(parked);
                    return all;
                });
        return parked;
    }

    /** Tells those who wait for an id that there is news. */
    void wake(String id) {
        Set<Parked> parked = byId.get(id);
        if (parked != null) {
            parked.forEach(waiter -> waiter.news.countDown());
        }
    }

    /** Tells all who wait, so that each looks again. */
    void wakeAll() {
        byId.keySet().forEach(this::wake);
    }

    /** Lets nobody wait any more. */
    void close() {
        closed = true;
        wakeAll();
    }

    boolean closed() {
        return closed;
    }

    int waiting() {
        return limit - free.availablePermits();
    }

    /** One who waits; to be closed by itself. */
    final class Parked implements AutoCloseable {

        private final String id;
        private final CountDownLatch news = new CountDownLatch(1);

        private Parked(String id) {
            this.id = id;
        }

        /** Returns whether there was news within that time. */
        boolean await(Duration atMost) {
            if (closed) {
                return false;
            }
            try {
                return news.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }

        @Override
        public void close() {
            byId.computeIfPresent(
                    id,
                    (_, all) -> {
                        all.remove(this);
                        return all.isEmpty() ? null : all;
                    });
            free.release();
        }
    }
}
