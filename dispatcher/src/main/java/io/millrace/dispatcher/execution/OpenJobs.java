package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.settlement.OwnedSlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * The jobs that wait in this process for their start, so that they can be ended before. As many as
 * intake lets wait. Thread-safe.
 */
final class OpenJobs {

    private final Map<OwnedSlot, Map<String, Job>> waiting = new HashMap<>();

    synchronized void add(Job job) {
        waiting.computeIfAbsent(job.slot(), _ -> new HashMap<>()).put(job.submit().getJobId(), job);
    }

    synchronized void remove(Job job) {
        Map<String, Job> jobs = waiting.get(job.slot());
        if (jobs != null) {
            jobs.remove(job.submit().getJobId());
            if (jobs.isEmpty()) {
                waiting.remove(job.slot());
            }
        }
    }

    /** Removes and returns those jobs; forgets what was lost with its slot. */
    synchronized List<Job> take(Predicate<Job> wanted) {
        waiting.keySet().removeIf(slot -> !slot.isOwned());
        List<Job> taken = new ArrayList<>();
        for (Map<String, Job> jobs : waiting.values()) {
            jobs.values().removeIf(job -> wanted.test(job) && taken.add(job));
        }
        waiting.values().removeIf(Map::isEmpty);
        return taken;
    }
}
