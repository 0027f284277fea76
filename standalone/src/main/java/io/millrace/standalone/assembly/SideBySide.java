package io.millrace.standalone.assembly;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Does a few things at once and waits for all of them, also when one fails. */
final class SideBySide {

    private SideBySide() {}

    /**
     * Returns the results in the order of the tasks.
     *
     * @throws RuntimeException the first task's that failed, after all have ended
     */
    static <T> List<T> run(List<? extends Callable<? extends T>> tasks)
            throws InterruptedException {
        List<Future<? extends T>> begun = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Callable<? extends T> task : tasks) {
                begun.add(threads.submit(task));
            }
        }
        List<T> results = new ArrayList<>();
        for (Future<? extends T> task : begun) {
            try {
                results.add(task.get());
            } catch (ExecutionException e) {
                throw unchecked(e.getCause());
            }
        }
        return results;
    }

    private static RuntimeException unchecked(@org.jspecify.annotations.Nullable Throwable cause) {
        return cause instanceof RuntimeException e
                ? e
                : new IllegalStateException("a part did not start", cause);
    }
}
