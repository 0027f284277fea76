package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.settlement.OwnedSlot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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

    /** Removes a job; returns whether it was still here, which only one who removes it is told. */
    synchronized boolean remove(Job job) {
        Map<String, Job> jobs = waiting.get(job.slot());
        if (jobs == null) {
            return false;
        }
        boolean here = jobs.remove(job.submit().getJobId()) != null;
        if (jobs.isEmpty()) {
            waiting.remove(job.slot());
        }
        return here;
    }

    /** Returns the job of that id, if it waits here. */
    synchronized Optional<Job> find(String id) {
        return waiting.values().stream()
                .map(jobs -> jobs.get(id))
                .filter(Objects::nonNull)
                .findFirst();
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
