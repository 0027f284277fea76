package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * The calls that run, so that they can be given up. A call's thread is interrupted while it is in
 * the call and at no other time. Thread-safe.
 */
final class RunningCalls {

    private final Map<Thread, Job> running = new HashMap<>();
    private final Map<String, Job> byId = new ConcurrentHashMap<>();

    /**
     * Makes a call on this thread; if it is given up, its outcome is what the provider makes of it.
     */
    Outcome during(Job job, Supplier<Outcome> call) {
        synchronized (running) {
            running.put(Thread.currentThread(), job);
        }
        byId.put(job.submit().getJobId(), job);
        if (job.cancellation().isPresent()) {
            Thread.currentThread().interrupt(); // who looked through what runs came too early
        }
        try {
            return call.get();
        } finally {
            byId.remove(job.submit().getJobId(), job);
            synchronized (running) {
                running.remove(Thread.currentThread());
            }
            var _ = Thread.interrupted(); // what comes after the call is not to be given up
        }
    }

    /** Returns the job of that id, if a call of it runs. */
    Optional<Job> find(String id) {
        return Optional.ofNullable(byId.get(id));
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
