package io.millrace.dispatcher.provider;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Something that runs on a virtual thread, as calls do, and can be interrupted. */
public final class VirtualCall<T> {

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
    private final Thread thread;

    public VirtualCall(Callable<T> work) {
        this.thread =
                Thread.startVirtualThread(() -> {
                    try {
                        result.complete(work.call());
                    } catch (Exception | AssertionError e) {
                        result.completeExceptionally(e);
                    }
                    interrupted.complete(Thread.currentThread().isInterrupted());
                });
    }

    public static <T> T result(Callable<T> work) {
        return new VirtualCall<>(work).result();
    }

    public T result() {
        return result(Duration.ofSeconds(60));
    }

    public T result(Duration patience) {
        try {
            return result.get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (Exception e) {
            throw new AssertionError("the call did not end as it should", e);
        }
    }

    public void interrupt() {
        thread.interrupt();
    }

    public boolean leftInterrupted() {
        return interrupted.join();
    }
}
