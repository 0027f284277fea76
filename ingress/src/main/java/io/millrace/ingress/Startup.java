package io.millrace.ingress;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The steps of a start that need not wait for each other. */
final class Startup {

    private Startup() {}

    /** Runs steps on threads of their own and returns when all are done, or throws what one did. */
    static void together(Runnable... steps) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CompletableFuture<?>[] running = new CompletableFuture<?>[steps.length];
            for (int i = 0; i < steps.length; i++) {
                running[i] = CompletableFuture.runAsync(steps[i], threads);
            }
            CompletableFuture.allOf(running).join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }
}
