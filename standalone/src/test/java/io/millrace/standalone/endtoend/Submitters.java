package io.millrace.standalone.endtoend;

import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Clients of a campaign: they submit its jobs at a steady rate, spread over its faults. */
final class Submitters {

    private static final int SUBMITTERS = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    // the rate of the load, not a wait for something to happen: 800 jobs take some 12 s
    private static final Duration PACE = Duration.ofMillis(60);

    private final FaultPlan plan;
    private final Crew crew;
    private final AtomicInteger happened = new AtomicInteger();
    private final AtomicInteger next = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> accepted = new ConcurrentLinkedQueue<>();
    private final Map<Integer, Integer> answers = new ConcurrentSkipListMap<>();
    private final Map<Integer, Duration> slowest = new ConcurrentHashMap<>();

    Submitters(FaultPlan plan, Crew crew) {
        this.plan = plan;
        this.crew = crew;
    }

    /** Says how many faults have happened: more jobs are due then. */
    void happened(int faults) {
        happened.set(faults);
    }

    /** Submits all jobs, the last ones after the last fault; returns those that were accepted. */
    Set<String> submit(ExecutorService threads) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < SUBMITTERS; i++) {
            all.add(threads.submit(this::submitInTurn));
        }
        for (Future<?> each : all) {
            each.get();
        }
        return new HashSet<>(accepted);
    }

    private void submitInTurn() {
        for (int n = next.getAndIncrement(); n < plan.jobs(); n = next.getAndIncrement()) {
            int due = (int) ((long) n * plan.faults() / plan.jobs());
            Await.until("the next fault", PATIENCE, () -> happened.get() >= due);
            long start = System.nanoTime();
            submit(n);
            LockSupport.parkNanos(PACE.toNanos() - (System.nanoTime() - start));
        }
    }

    /** Submits until an ingress says 202; what came before may have been accepted too. */
    private void submit(int n) {
        Await.until(
                "202 for job " + n,
                PATIENCE,
                () -> {
                    try {
                        return isAccepted(n);
                    } catch (UncheckedIOException _) {
                        return false; // it is dead at the moment
                    }
                });
    }

    private boolean isAccepted(int n) {
        long start = System.nanoTime();
        Api.Answer answer = crew.api(n).submit(FaultPlan.model(n), "job " + n);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        answers.merge(answer.status(), 1, Integer::sum);
        slowest.merge(answer.status(), took, (a, b) -> a.compareTo(b) > 0 ? a : b);
        if (answer.status() != 202) {
            return false;
        }
        accepted.add(answer.id());
        return true;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("answers to submissions:");
        answers.forEach((status, count) ->
                text.append(
                        " %d × %d (slowest %.1f s)"
                                .formatted(
                                        count,
                                        status,
                                        slowest.getOrDefault(status, Duration.ZERO).toMillis()
                                                / 1e3)));
        return text.toString();
    }
}
