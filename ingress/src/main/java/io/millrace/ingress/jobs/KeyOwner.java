package io.millrace.ingress.jobs;

import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.JobRecords;
import io.millrace.ingress.submission.KeyLog;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which wishes with idempotency keys become jobs, for one holding of one view partition.
 *
 * <pre>
 *   open the log (shuts out the former owner) ─► read the view to its end
 *        ─► not in the view, and not begun here: write, all that wait in one transaction
 * </pre>
 *
 * <p>From its opening to its loss nobody else writes keyed jobs of the partition, so that what the
 * view shows and what was begun here are all there are. What was written counts as begun until the
 * view shows it. When a write fails the log is lost with it: the next wish opens it anew, and finds
 * what was written after all. Thread-safe.
 */
final class KeyOwner {

    private static final Logger LOG = LoggerFactory.getLogger(KeyOwner.class);
    private static final int MOST_BEGUN = 10_000;
    private static final int GROUP = 200;

    private final ViewPartition partition;
    private final KeyView view;
    private final KeyLog.Opener opener;
    private final Map<JobId, Begun> begun = new ConcurrentHashMap<>();
    private final Queue<Ready> waiting = new ConcurrentLinkedQueue<>();
    // who has it is the one that uses the log
    private final ReentrantLock turn = new ReentrantLock();
    private volatile @Nullable KeyLog log;
    private volatile boolean stopped;

    /** Is made when the partition is taken. */
    KeyOwner(ViewPartition partition, KeyView view, KeyLog.Opener opener) {
        this.partition = partition;
        this.view = view;
        this.opener = opener;
    }

    /** A wish that is becoming a job, or has become one that is not seen in the view yet. */
    private record Begun(JobId id, String fingerprint, CompletableFuture<Taken> outcome) {}

    /** A job that waits for being written; not kept any longer than that, for it has a body. */
    private record Ready(Begun wish, JobRecords job) {}

    /**
     * Decides what becomes of a wish.
     *
     * @param admit admits it and makes a job of it; asked only if it has not become one before
     * @throws UnavailableException when that cannot be said: it may have become one all the same
     */
    Taken take(JobId id, String fingerprint, Supplier<JobRecords> admit) {
        long giveUp = System.nanoTime() + LogWriter.PATIENCE.toNanos();
        Optional<JobsRecord> there = view.find(id);
        if (there.isEmpty() && log == null) {
            // or a job that is there might be refused as if it were new
            become(giveUp);
            there = view.find(id);
        }
        if (there.isPresent()) {
            return Taken.beside(there.get(), fingerprint);
        }
        if (begun.size() >= MOST_BEGUN) {
            throw unavailable("Too many keyed requests are being written.");
        }
        Begun mine = new Begun(id, fingerprint, new CompletableFuture<>());
        Begun other = begun.putIfAbsent(id, mine);
        return other == null ? lead(mine, admit, giveUp) : join(other, fingerprint, giveUp);
    }

    private Taken lead(Begun mine, Supplier<JobRecords> admit, long giveUp) {
        Ready ready;
        try {
            ready = new Ready(mine, admit.get());
        } catch (RuntimeException e) {
            fail(mine, e);
            throw e;
        }
        waiting.add(ready);
        // not by the caller's thread: it has less patience than Kafka
        Thread.startVirtualThread(this::write);
        try {
            return await(mine.outcome, giveUp);
        } finally {
            if (!mine.outcome.isDone() && waiting.remove(ready)) {
                fail(mine, unavailable("The log of this key cannot be written."));
            }
        }
    }

    private Taken join(Begun other, String fingerprint, long giveUp) {
        boolean same = fingerprint.equals(other.fingerprint);
        try {
            return switch (await(other.outcome, giveUp)) {
                case Taken.New(var job) -> same ? new Taken.Before(job) : new Taken.OtherWish();
                // there was a job before either of them, and the view shows it
                case Taken.Before _, Taken.OtherWish _, Taken.Deleted _ ->
                        view.find(other.id)
                                .map(there -> Taken.beside(there, fingerprint))
                                .orElseThrow(() -> unavailable("This job is being deleted."));
            };
        } catch (ApiException e) {
            // what was said of another wish is not said of this one
            throw same ? e : unavailable("Another request with this key was refused just now.");
        }
    }

    /** A record of the partition was applied. */
    void applied(JobId id) {
        begun.remove(id);
    }

    /** Decides nothing any more: the partition is not ours. Returns at once. */
    void stop() {
        stopped = true;
        Thread.startVirtualThread(() -> {
            turn.lock();
            try {
                lose();
            } finally {
                turn.unlock();
            }
        });
    }

    private void become(long giveUp) {
        CompletableFuture<Boolean> open = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            turn.lock();
            try {
                var _ = opened();
                open.complete(true);
            } catch (RuntimeException e) {
                open.completeExceptionally(e);
            } finally {
                turn.unlock();
            }
        });
        await(open, giveUp);
    }

    // Each job that waits comes here once: whoever is first takes those behind it along.
    private void write() {
        turn.lock();
        try {
            List<Ready> group = new ArrayList<>();
            while (group.size() < GROUP && waiting.peek() != null) {
                Optional.ofNullable(waiting.poll()).ifPresent(group::add);
            }
            if (!group.isEmpty()) {
                write(group);
            }
        } finally {
            turn.unlock();
        }
    }

    private void write(List<Ready> group) {
        try {
            KeyLog open = opened();
            List<Ready> fresh = new ArrayList<>();
            for (Ready each : group) {
                Optional<JobsRecord> there = view.find(each.wish.id);
                if (there.isPresent()) {
                    begun.remove(each.wish.id, each.wish);
                    each.wish.outcome.complete(Taken.beside(there.get(), each.wish.fingerprint));
                } else {
                    fresh.add(each);
                }
            }
            // after the view was asked: what it said was of this holding
            requireOurs();
            if (!fresh.isEmpty()) {
                open.write(fresh.stream().map(Ready::job).toList());
            }
            // they count as begun until the view shows them
            fresh.forEach(each -> each.wish.outcome.complete(new Taken.New(each.job.accepted())));
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("partition", partition.number())
                    .setCause(e)
                    .log("keyed jobs could not be written, their log is opened anew");
            group.forEach(each -> fail(each.wish, e));
            lose();
        }
    }

    private void fail(Begun wish, RuntimeException cause) {
        if (!wish.outcome.isDone()) {
            begun.remove(wish.id, wish);
            wish.outcome.completeExceptionally(cause);
        }
    }

    // The log that is open, by whoever has the turn.
    private KeyLog opened() {
        requireOurs();
        KeyLog open = log;
        if (open == null) {
            open = opener.open(partition);
            try {
                view.readToEnd(partition);
            } catch (RuntimeException e) {
                open.close();
                throw e;
            }
            log = open;
        }
        return open;
    }

    private void lose() {
        KeyLog open = log;
        log = null;
        if (open != null) {
            open.close();
        }
    }

    private void requireOurs() {
        if (stopped) {
            throw unavailable("This part of the job view is moving.");
        }
    }

    private static <T> T await(CompletableFuture<T> outcome, long giveUp) {
        try {
            return outcome.get(Math.max(0, giveUp - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            if (e.getCause() instanceof ApiException refused) {
                throw refused;
            }
            throw new UnavailableException(
                    "It is not known in time what became of this key: send the request again.",
                    Duration.ofSeconds(1),
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(
                    "Interrupted while waiting for Kafka.", Duration.ofSeconds(1), e);
        }
    }

    private static UnavailableException unavailable(String message) {
        return new UnavailableException(message, Duration.ofSeconds(1));
    }
}
