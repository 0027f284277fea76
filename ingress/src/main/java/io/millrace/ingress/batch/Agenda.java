package io.millrace.ingress.batch;

import io.millrace.schemas.id.BatchId;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Which batch an owner is to look at, and when. A batch stands in it once, however often it is put
 * there, so that it grows with the batches and not with their lines. Thread-safe.
 */
final class Agenda implements BatchFollower.Listener {

    /** How long the ends of lines are gathered before their batch is looked at. */
    private static final Duration GATHER = Duration.ofMillis(25);

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<BatchId, Long> due = new HashMap<>();

    @Override
    public void changed(BatchId batch) {
        add(batch, Duration.ZERO);
    }

    @Override
    public void progressed(BatchId batch) {
        add(batch, GATHER);
    }

    /** Puts a batch on it, or makes it due earlier. */
    void add(BatchId batch, Duration in) {
        long at = System.nanoTime() + in.toNanos();
        lock.lock();
        try {
            Long before = due.get(batch);
            if (before == null || at - before < 0) {
                due.put(batch, at);
                changed.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes off the batch that has been due longest, or none when none is within the time. */
    Optional<BatchId> take(Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        lock.lockInterruptibly();
        try {
            for (long now = System.nanoTime(); ; now = System.nanoTime()) {
                Optional<BatchId> first = earliest(now);
                long next = first.map(due::get).orElse(end);
                if (first.isPresent() && next - now <= 0) {
                    due.remove(first.get());
                    return first;
                }
                if (end - now <= 0) {
                    return Optional.empty();
                }
                changed.awaitNanos(Math.min(next - now, end - now));
            }
        } finally {
            lock.unlock();
        }
    }

    // Compared by their distance from now, as the clock may run over.
    private Optional<BatchId> earliest(long now) {
        return due.entrySet().stream()
                .min(Comparator.comparingLong(entry -> entry.getValue() - now))
                .map(Map.Entry::getKey);
    }
}
