package io.millrace.standalone.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongPredicate;

/**
 * Workers that each begin a call when their last one has ended.
 *
 * @param calls how many were made
 * @param took from the first call's start to the last one's end
 */
record ClosedLoop(int calls, Duration took) {

    /** One call. */
    @FunctionalInterface
    interface Call {
        void make(int n) throws InterruptedException;
    }

    /** Runs workers for a time. */
    static ClosedLoop lasting(int workers, Duration time, Call call) throws InterruptedException {
        long end = System.nanoTime() + time.toNanos();
        return run(workers, _ -> System.nanoTime() < end, call);
    }

    /** Runs workers for a number of calls. */
    static ClosedLoop of(int workers, int calls, Call call) throws InterruptedException {
        return run(workers, n -> n < calls, call);
    }

    /** Returns calls a second. */
    double rate() {
        return calls / (took.toNanos() / 1e9);
    }

    private static ClosedLoop run(int workers, LongPredicate goesOn, Call call)
            throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        AtomicInteger made = new AtomicInteger();
        long began = System.nanoTime();
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < workers; i++) {
                running.add(
                        threads.submit(() -> {
                            int n = next.getAndIncrement();
                            while (goesOn.test(n)) {
                                call.make(n);
                                made.incrementAndGet();
                                n = next.getAndIncrement();
                            }
                            return null;
                        }));
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        for (Future<?> worker : running) {
            failed(worker);
        }
        return new ClosedLoop(made.get(), took);
    }

    private static void failed(Future<?> worker) throws InterruptedException {
        try {
            worker.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof BenchException cause
                    ? cause
                    : new BenchException("a call failed: " + e.getCause(), e);
        }
    }
}
