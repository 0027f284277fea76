package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The calls that run, so that they can be given up. A call's thread is interrupted while it is in
 * the call and at no other time. Thread-safe.
 */
final class RunningCalls {

    private final Map<Thread, Job> running = new HashMap<>();

    /**
     * Makes a call on this thread; if it is given up, its outcome is what the provider makes of it.
     */
    Outcome during(Job job, Supplier<Outcome> call) {
        synchronized (running) {
            running.put(Thread.currentThread(), job);
        }
        if (job.cancellation().isPresent()) {
            Thread.currentThread().interrupt(); // who looked through what runs came too early
        }
        try {
            return call.get();
        } finally {
            synchronized (running) {
                running.remove(Thread.currentThread());
            }
            var _ = Thread.interrupted(); // what comes after the call is not to be given up
        }
    }

    /** Closes the connections of the calls for those jobs. */
    void giveUp(Predicate<Job> jobs) {
        synchronized (running) {
            running.forEach((thread, job) -> {
                if (jobs.test(job)) {
                    thread.interrupt();
                }
            });
        }
    }
}
