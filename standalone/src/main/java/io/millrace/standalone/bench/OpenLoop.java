package io.millrace.standalone.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;

/** Calls that begin at fixed times, whether or not earlier ones have ended. */
final class OpenLoop {

    /** One call. */
    @FunctionalInterface
    interface Call<T> {
        T make(int n) throws InterruptedException;
    }

    private OpenLoop() {}

    /**
     * Makes calls and returns what came of each.
     *
     * @param rate calls a second
     */
    static <T> List<T> run(int rate, Duration time, Call<T> call) throws InterruptedException {
        int calls = Math.toIntExact(rate * time.toMillis() / 1000);
        long gap = 1_000_000_000L / rate;
        List<Future<T>> made = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            long began = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                int n = i;
                LockSupport.parkNanos(began + n * gap - System.nanoTime());
                made.add(threads.submit(() -> call.make(n)));
            }
        }
        List<T> results = new ArrayList<>();
        for (Future<T> one : made) {
            try {
                results.add(one.get());
            } catch (ExecutionException e) {
                throw new BenchException("a call failed: " + e.getCause(), e);
            }
        }
        return results;
    }
}
