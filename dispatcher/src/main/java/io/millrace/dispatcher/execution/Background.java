package io.millrace.dispatcher.execution;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Where work goes on beside the thread that asks for it, and how it waits. Thread-safe.
 *
 * <p>The one place in this room that makes threads, so that a simulation can decide which of them
 * goes on when.
 */
interface Background extends AutoCloseable {

    /** Starts work on a thread of its own, which may block. */
    void run(String name, Runnable work);

    /** Does short work after a wait. */
    void after(Duration wait, Runnable work);

    /** Does short work again and again, with that pause in between. */
    void every(Duration pause, Runnable work);

    /** Blocks the calling thread. */
    void pause(Duration wait);

    /** Ends what has not begun; what runs goes on. */
    @Override
    void close();

    /** Returns the real one: virtual threads, and a timer. */
    static Background threads() {
        return new Threads();
    }

    /** Virtual threads, and one platform thread that keeps time. */
    final class Threads implements Background {

        private final ScheduledExecutorService timer =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("retry-timer").factory());

        private Threads() {}

        @Override
        public void run(String name, Runnable work) {
            var _ = Thread.ofVirtual().name(name).start(work);
        }

        @Override
        public void after(Duration wait, Runnable work) {
            var _ = timer.schedule(work, wait.toNanos(), TimeUnit.NANOSECONDS);
        }

        @Override
        public void every(Duration pause, Runnable work) {
            long millis = pause.toMillis();
            var _ = timer.scheduleWithFixedDelay(work, millis, millis, TimeUnit.MILLISECONDS);
        }

        @Override
        public void pause(Duration wait) {
            LockSupport.parkNanos(wait.toNanos());
        }

        @Override
        public void close() {
            timer.shutdownNow();
        }
    }
}
