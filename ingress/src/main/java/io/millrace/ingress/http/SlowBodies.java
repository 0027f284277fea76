package io.millrace.ingress.http;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends the connections of bodies that take too long: interrupting a virtual thread that reads from
 * a socket closes the socket. Thread-safe.
 */
public final class SlowBodies implements AutoCloseable {

    private final Duration deadline;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("slow-bodies").daemon().factory());

    /** Allows each body that long. */
    public SlowBodies(Duration deadline) {
        this.deadline = deadline;
    }

    /** Watches the calling thread until the watch is closed. */
    public Watch watch() {
        return new Watch(Thread.currentThread());
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    /** The watch over one thread; to be closed by that thread. */
    public final class Watch implements AutoCloseable {

        private final Thread reader;
        private final Future<?> pending;
        private boolean over;

        private Watch(Thread reader) {
            this.reader = reader;
            this.pending = timer.schedule(this::expire, deadline.toMillis(), TimeUnit.MILLISECONDS);
        }

        // under the lock, so that a thread that has moved on is never interrupted
        private synchronized void expire() {
            if (!over) {
                reader.interrupt();
            }
        }

        @Override
        public void close() {
            synchronized (this) {
                over = true;
            }
            pending.cancel(false);
        }
    }
}
