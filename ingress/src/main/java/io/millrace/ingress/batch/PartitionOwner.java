package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the batches of one view partition, step by step, on a virtual thread of its own.
 *
 * <pre>
 *   something to do ─► open the log (shuts out the former owner) ─► read the view to its end
 *        ─► for each batch that is due: decide the next step ─► do it ─► record it ─► take it for ours
 * </pre>
 *
 * <p>Whenever it is in doubt whether a step was recorded, it begins again from what the log holds.
 */
final class PartitionOwner {

    private static final Logger LOG = LoggerFactory.getLogger(PartitionOwner.class);

    /** How long an owner pauses after something failed. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    private static final Duration IDLE = Duration.ofSeconds(60);

    private final ViewPartition partition;
    private final BatchView view;
    private final BatchLog.Opener opener;
    private final Lanes lanes;
    private final BatchWork work;
    private final BatchMeters meters;
    private final Duration pause;
    private final Agenda agenda;
    // What this owner recorded last of each batch: the view follows, but later.
    private final Map<BatchId, BatchState> ours = new HashMap<>();
    // Whose lines were told to end, since the log was opened.
    private final Set<BatchId> told = new HashSet<>();
    private final Map<BatchId, CompletableFuture<BatchState>> cancels = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean stopped;

    /**
     * Is made for one holding of one partition.
     *
     * @param agenda on which the partition's events put its batches
     * @param pause how long it waits after something failed
     */
    PartitionOwner(
            ViewPartition partition,
            Agenda agenda,
            BatchView view,
            BatchLog.Opener opener,
            Lanes lanes,
            BatchWork work,
            BatchMeters meters,
            Duration pause) {
        this.partition = partition;
        this.pause = pause;
        this.agenda = agenda;
        this.view = view;
        this.opener = opener;
        this.lanes = lanes;
        this.work = work;
        this.meters = meters;
        this.thread = Thread.ofVirtual().name("batches-" + partition.digits()).unstarted(this::run);
    }

    /** Begins. */
    void start() {
        thread.start();
    }

    /**
     * Cancels a batch; completes with its state once that is recorded, or shows that it was too
     * late. A second wish joins the first.
     */
    CompletableFuture<BatchState> cancel(BatchId batch) {
        CompletableFuture<BatchState> wish =
                cancels.computeIfAbsent(batch, _ -> new CompletableFuture<>());
        agenda.changed(batch);
        return wish;
    }

    /** Ends it soon: the partition is not ours any more. Returns at once. */
    void stop() {
        stopped = true;
        thread.interrupt();
    }

    /** Returns when it has ended, or after that time, or when interrupted. */
    void join(Duration atMost) {
        try {
            thread.join(atMost);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                awaitWork();
                session();
            } catch (InterruptedException _) {
                return;
            } catch (RuntimeException e) {
                // a view that is closing throws at whoever still asks it
                if (!stopped) {
                    failed(e);
                }
            }
        }
    }

    // The log, a producer with a thread of its own, is opened only when there is something to do.
    private void awaitWork() throws InterruptedException {
        view.unfinished().forEach(agenda::changed);
        Optional<BatchId> first = Optional.empty();
        while (first.isEmpty()) {
            first = agenda.take(IDLE).filter(this::due);
        }
        agenda.changed(first.get());
    }

    private boolean due(BatchId batch) {
        return cancels.containsKey(batch)
                || view.batch(batch).filter(state -> !BatchFollower.hasEnded(state)).isPresent();
    }

    private void session() throws InterruptedException {
        ours.clear();
        told.clear();
        try (BatchLog log = opener.open(partition)) {
            view.readToEnd();
            view.unfinished().forEach(agenda::changed);
            while (true) {
                Optional<BatchId> due = agenda.take(IDLE);
                if (due.isPresent()) {
                    attempt(due.get(), log);
                } else if (view.unfinished().isEmpty()) {
                    return;
                }
            }
        }
    }

    private void attempt(BatchId id, BatchLog log) throws InterruptedException {
        try {
            advance(id, log);
        } catch (LostLogException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.atWarn()
                    .addKeyValue("batch", id)
                    .setCause(e)
                    .log("a step of a batch failed and is tried again");
            agenda.add(id, pause);
        }
    }

    private void advance(BatchId id, BatchLog log) throws IOException {
        Optional<BatchState> known = state(id);
        if (known.isEmpty()) {
            return;
        }
        BatchState batch = known.get();
        if (cancels.containsKey(id) && cancelled(id, batch, log)) {
            return;
        }
        if (batch.getStatus() == BatchStatus.CANCELLING && !told.contains(id)) {
            work.cancelLines(batch);
            told.add(id);
        }
        Progress progress = view.progress(id);
        switch (NextStep.of(batch, progress)) {
            case VALIDATE -> record(id, batch, work.validate(batch), log);
            case EXPAND -> {
                lanes.open(new TenantId(batch.getTenant()));
                record(id, batch, work.expand(batch), log);
            }
            case BEGIN_FINALIZING -> record(id, batch, work.beginFinalizing(batch, progress), log);
            case FINISH -> record(id, batch, work.finish(batch, progress), log);
            case AWAIT_LINES, NONE -> {}
        }
    }

    /** Grants the wish that a batch ends, if it is not too late; returns whether it was granted. */
    private boolean cancelled(BatchId id, BatchState batch, BatchLog log) {
        boolean granted = Transition.isCancellable(batch);
        BatchState after = batch;
        if (granted) {
            BatchLog.Entry entry = work.cancel(batch);
            record(id, batch, entry, log);
            after = entry.batch();
        }
        CompletableFuture<BatchState> wish = cancels.remove(id);
        if (wish != null) {
            wish.complete(after);
        }
        return granted;
    }

    private Optional<BatchState> state(BatchId id) {
        Optional<BatchState> seen = view.batch(id);
        if (seen.filter(BatchFollower::hasEnded).isPresent()) {
            ours.remove(id);
            return seen;
        }
        BatchState mine = ours.get(id);
        return mine == null ? seen : Optional.of(mine);
    }

    private void record(BatchId id, BatchState before, BatchLog.Entry entry, BatchLog log) {
        log.record(entry);
        ours.put(id, entry.batch());
        meters.recorded(before, entry);
        if (entry.batch().getStatus() != before.getStatus()) {
            LOG.atInfo()
                    .addKeyValue("batch", id)
                    .addKeyValue("tenant", before.getTenant())
                    .addKeyValue("status", entry.batch().getStatus())
                    .addKeyValue("lines", entry.batch().getTotalLines())
                    .log("batch changed its status");
        }
        agenda.changed(id);
    }

    private void failed(RuntimeException e) {
        LOG.atWarn()
                .addKeyValue("partition", partition.number())
                .setCause(e)
                .log("the batches of a view partition begin again from the log");
        LockSupport.parkNanos(pause.toNanos());
    }
}
