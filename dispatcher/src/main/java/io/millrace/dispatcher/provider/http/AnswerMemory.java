package io.millrace.dispatcher.provider.http;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The memory of all answers that are being read, shared by all providers: thousands of calls may be
 * under way, and each answer may be large, but not all at once. Thread-safe.
 *
 * <p>Small answers are free. A larger one takes a medium place and, growing further, a large one;
 * always in this order, so that no two wait for each other.
 */
public final class AnswerMemory {

    private static final int SMALL = 65 * 1024;
    private static final int MEDIUM = 1024 * 1024;
    private static final int PARTS = 4; // one for medium places, the rest for large ones

    private final Semaphore medium;
    private final Semaphore large;

    /**
     * @param bytes memory to use; places are at least one of each kind
     * @param largest size of the largest answer
     */
    public AnswerMemory(long bytes, int largest) {
        this.medium = new Semaphore(places(bytes / PARTS, MEDIUM));
        this.large = new Semaphore(places(bytes - bytes / PARTS, largest));
    }

    /** An eighth of the heap: while an answer grows, it is there twice. */
    public static AnswerMemory ofHeap() {
        return new AnswerMemory(Runtime.getRuntime().maxMemory() / 8, HttpLimits.ANSWER_BYTES);
    }

    /**
     * Returns the lease of one answer.
     *
     * @param untilNanos how long it waits for its places, on the clock of {@link System#nanoTime}
     */
    Lease lease(long untilNanos) {
        return new Lease(untilNanos);
    }

    private static int places(long bytes, int size) {
        return Math.toIntExact(Math.clamp(bytes / size, 1, 1 << 20));
    }

    /** What one answer takes. Not thread-safe. */
    final class Lease implements AutoCloseable {

        private final long untilNanos;
        private boolean hasMedium;
        private boolean hasLarge;

        private Lease(long untilNanos) {
            this.untilNanos = untilNanos;
        }

        /**
         * Waits until there is room for so many bytes.
         *
         * @throws BodyReader.TooLargeException when there was none in time
         */
        void require(int bytes) throws IOException {
            if (bytes > SMALL && !hasMedium) {
                take(medium);
                hasMedium = true;
            }
            if (bytes > MEDIUM && !hasLarge) {
                take(large);
                hasLarge = true;
            }
        }

        @Override
        public void close() {
            if (hasLarge) {
                large.release();
            }
            if (hasMedium) {
                medium.release();
            }
        }

        private void take(Semaphore places) throws IOException {
            try {
                long left = untilNanos - System.nanoTime();
                if (!places.tryAcquire(left, TimeUnit.NANOSECONDS)) {
                    throw new BodyReader.TooLargeException("no memory was free for the answer");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted while waiting for memory");
            }
        }
    }
}
