package io.millrace.dispatcher.simulation;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Semaphore;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * The scheduler and the clock: tasks run one at a time, from one step to the next, in an order that
 * the seed decides.
 *
 * <p>A task is a virtual thread that holds the only baton while it runs and gives it back at each
 * step; so the code under test blocks as it always does, and yet nothing runs at the same time.
 */
final class Kernel {

    private static final int LAST_STEPS = Integer.getInteger("simulation.trace", 120);

    /** Unwinds the tasks of a process that is killed; nothing under test catches it. */
    static final class Killed extends Error {

        private static final long serialVersionUID = 1;

        Killed() {
            super("killed", null, false, false);
        }
    }

    /** A process as the scheduler sees it: it can be stopped for a while, and killed. */
    static class Host {

        private final String name;
        private boolean dead;
        private long pausedSince;
        private long pausedUntil;

        Host(String name) {
            this.name = name;
        }

        String name() {
            return name;
        }

        boolean isDead() {
            return dead;
        }
    }

    private record Traced(long nanos, String what) {

        @Override
        public String toString() {
            return String.format("%9.3f s  %s", nanos / 1e9, what);
        }
    }

    private final class Task {

        private final Host host;
        private final String name;
        private final Runnable work;
        private final Semaphore go = new Semaphore(0);
        private Optional<Thread> thread = Optional.empty();
        private BooleanSupplier condition = () -> true;
        private long wakeAt;
        private boolean over;

        Task(Host host, String name, Runnable work) {
            this.host = host;
            this.name = name;
            this.work = work;
        }

        boolean isRunnable() {
            return nanos >= host.pausedUntil && (nanos >= wakeAt || condition.getAsBoolean());
        }

        private void live() {
            try {
                if (!host.dead) {
                    work.run();
                }
            } catch (Killed e) {
                // as it was meant
            } catch (RuntimeException | Error e) {
                if (!host.dead && failure.isEmpty()) {
                    failure = Optional.of(e);
                }
            } finally {
                over = true;
                main.release();
            }
        }
    }

    final SplittableRandom random;
    private final Semaphore main = new Semaphore(0);
    private final List<Task> tasks = new ArrayList<>();
    private final Deque<Traced> trace = new ArrayDeque<>();
    private Optional<Task> current = Optional.empty();
    private Optional<Throwable> failure = Optional.empty();
    private long nanos;
    private long steps;
    private long fingerprint;

    Kernel(long seed) {
        this.random = new SplittableRandom(seed);
    }

    long nanos() {
        return nanos;
    }

    long steps() {
        return steps;
    }

    long fingerprint() {
        return fingerprint;
    }

    Optional<Throwable> failure() {
        return failure;
    }

    /** Returns whether something happens that does so once in so many times. */
    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    Duration between(long fromMillis, long toMillis) {
        return Duration.ofMillis(random.nextLong(fromMillis, toMillis + 1));
    }

    void spawn(Host host, String name, Runnable work) {
        if (!host.dead) {
            tasks.add(new Task(host, name, work));
        }
    }

    /** A point at which anything else may happen first. */
    void step(String what) {
        yieldUntil(nanos, () -> true, what);
    }

    void sleep(Duration wait) {
        yieldUntil(nanos + wait.toNanos(), () -> false, "");
    }

    void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            if (current.isEmpty()) {
                throw new IllegalStateException("only a task can wait");
            }
            yieldUntil(Long.MAX_VALUE, condition, "");
        }
    }

    private void yieldUntil(long wakeAt, BooleanSupplier condition, String what) {
        Optional<Task> self =
                current.filter(
                        each -> each.thread.filter(Thread.currentThread()::equals).isPresent());
        if (self.isEmpty()) {
            return; // a helper thread of the code under test, which is waited for
        }
        Task task = self.get();
        if (task.host.dead) {
            throw new Killed();
        }
        if (!what.isEmpty()) {
            trace(task.host.name + " " + task.name + ": " + what);
        }
        task.wakeAt = wakeAt;
        task.condition = condition;
        main.release();
        task.go.acquireUninterruptibly();
        if (task.host.dead) {
            throw new Killed();
        }
    }

    /** Runs one task for one step, or lets time pass to when one can run. */
    void next() {
        List<Task> ready = new ArrayList<>();
        for (Task each : tasks) {
            if (each.isRunnable()) {
                ready.add(each);
            }
        }
        if (ready.isEmpty()) {
            long next = Long.MAX_VALUE;
            for (Task each : tasks) {
                next = Math.min(next, Math.max(each.wakeAt, each.host.pausedUntil));
            }
            if (next == Long.MAX_VALUE) {
                throw new IllegalStateException("nothing will ever happen again");
            }
            nanos = Math.max(nanos, next);
            return;
        }
        Task task = ready.get(random.nextInt(ready.size()));
        steps++;
        resume(task);
        if (task.over) {
            tasks.remove(task);
        }
        nanos += random.nextLong(400_000);
    }

    private void resume(Task task) {
        Optional<Task> before = current;
        current = Optional.of(task);
        if (task.thread.isEmpty()) {
            Thread thread = Thread.ofVirtual().unstarted(task::live);
            task.thread = Optional.of(thread);
            thread.start();
        } else {
            task.go.release();
        }
        main.acquireUninterruptibly();
        current = before;
    }

    void pause(Host host, Duration wait) {
        trace(host.name + " is stopped for " + wait);
        host.pausedSince = nanos;
        host.pausedUntil = nanos + wait.toNanos();
    }

    /** Wakes every process that is stopped. */
    void wake(Host host) {
        host.pausedUntil = Math.min(host.pausedUntil, nanos);
    }

    boolean isPaused(Host host) {
        return nanos < host.pausedUntil;
    }

    long pausedSince(Host host) {
        return host.pausedSince;
    }

    /** Ends a process between two of its steps; what it was about to do, it never does. */
    void kill(Host host) {
        if (host.dead) {
            return;
        }
        trace(host.name + " is killed");
        host.dead = true;
        for (Task each : List.copyOf(tasks)) {
            boolean running = current.filter(each::equals).isPresent();
            if (each.host.equals(host) && !running) {
                tasks.remove(each);
                if (each.thread.isPresent()) {
                    resume(each);
                }
            }
        }
    }

    void trace(String what) {
        fingerprint = fingerprint * 31 + what.hashCode();
        fingerprint = fingerprint * 31 + nanos;
        trace.addLast(new Traced(nanos, what));
        if (trace.size() > LAST_STEPS) {
            trace.removeFirst();
        }
    }

    String lastSteps() {
        return trace.stream().map(Traced::toString).collect(Collectors.joining("\n"));
    }
}
