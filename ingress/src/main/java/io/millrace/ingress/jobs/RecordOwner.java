package io.millrace.ingress.jobs;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.ingress.submission.RecordLog;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which keyed records of batches and files are made, for one holding of one view partition:
 * one after the other, for they are few.
 *
 * <p>As with keyed jobs, its log shuts out the former owner, and then the view is read to its end:
 * what the view shows and what was written here are all there are. When a write fails the log is
 * lost with it, and the next one opens it anew. Thread-safe.
 */
final class RecordOwner {

    private static final Logger LOG = LoggerFactory.getLogger(RecordOwner.class);
    private static final int MOST_WAITING = 256;

    private final ViewPartition partition;
    private final KeyView view;
    private final RecordLog.Opener opener;
    // written here and not seen in the view yet
    private final Map<String, JobsRecord> written = new ConcurrentHashMap<>();
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable RecordLog log;
    private volatile boolean stopped;

    /** Is made when the partition is taken. */
    RecordOwner(ViewPartition partition, KeyView view, RecordLog.Opener opener) {
        this.partition = partition;
        this.view = view;
        this.opener = opener;
    }

    /**
     * Keeps a record unless there is one, and returns the one that is there.
     *
     * @throws UnavailableException when that cannot be said in time
     */
    JobsRecord keep(String id, JobsRecord record) {
        if (turn.getQueueLength() > MOST_WAITING) {
            throw unavailable("Too many keyed requests are being written.", null);
        }
        CompletableFuture<JobsRecord> kept = new CompletableFuture<>();
        // not by the caller's thread: it has less patience than Kafka
        Thread.startVirtualThread(() -> {
            turn.lock();
            try {
                kept.complete(decide(id, record));
            } catch (RuntimeException e) {
                kept.completeExceptionally(e);
            } finally {
                turn.unlock();
            }
        });
        try {
            return kept.get(LogWriter.PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw unavailable(
                    "It is not known in time what became of this key: send the request again.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable("Interrupted while waiting for Kafka.", e);
        }
    }

    /** A record of the partition was applied. */
    void applied(String id) {
        written.remove(id);
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

    private JobsRecord decide(String id, JobsRecord record) {
        try {
            RecordLog open = opened();
            // what is applied leaves the first after it is in the second
            JobsRecord mine = written.get(id);
            Optional<JobsRecord> there =
                    mine == null ? view.lookUp(partition, id) : Optional.of(mine);
            // after the view was asked: what it said was of this holding
            requireOurs();
            if (there.isPresent()) {
                return there.get();
            }
            written.put(id, record);
            open.write(id, record);
            return record;
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("partition", partition.number())
                    .setCause(e)
                    .log("a keyed record could not be written, its log is opened anew");
            written.remove(id);
            lose();
            throw e;
        }
    }

    private RecordLog opened() {
        requireOurs();
        RecordLog open = log;
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
        RecordLog open = log;
        log = null;
        if (open != null) {
            open.close();
        }
    }

    private void requireOurs() {
        if (stopped) {
            throw unavailable("This part of the job view is moving.", null);
        }
    }

    private static UnavailableException unavailable(String message, @Nullable Exception cause) {
        return cause == null
                ? new UnavailableException(message, Duration.ofSeconds(1))
                : new UnavailableException(message, Duration.ofSeconds(1), cause);
    }
}
