package io.millrace.ingress.batch;

import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.FileState;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;

/**
 * A view partition in memory: log, view and lane at once, with a dispatcher that answers each line
 * when it is written. Only the last log that was opened can record.
 */
final class FakePartition implements BatchView, BatchLog.Opener {

    private final Map<BatchId, BatchState> batches = new HashMap<>();
    private final Map<JobId, InferenceResult> results = new HashMap<>();
    private final List<Submit> lines = new ArrayList<>();
    private final List<FileState> files = new ArrayList<>();
    private final List<BatchStatus> statuses = new ArrayList<>();
    private Progress progress = Progress.NONE;
    private IntFunction<JobStatus> answers = _ -> JobStatus.COMPLETED;
    private BatchFollower.Listener listener = new Agenda();
    private boolean dispatching = true;
    private int epoch;
    private int entriesUntilLoss = -1;
    private boolean recordsWhenLost;
    private int losses;
    private int lossesSeen;

    synchronized void answer(IntFunction<JobStatus> status) {
        answers = status;
    }

    /** Lets no line end until {@link #endAll}. */
    synchronized void hold() {
        dispatching = false;
    }

    /** Ends all lines that have not ended, in that way. */
    synchronized void endAll(JobStatus status) {
        answers = _ -> status;
        lines.stream()
                .filter(line -> !results.containsKey(new JobId(line.getJobId())))
                .forEach(this::answer);
    }

    /** Returns once so many lines were written. */
    void awaitLines(int count, Duration patience) {
        await(patience, () -> lines.size() >= count);
    }

    synchronized void listen(BatchFollower.Listener who) {
        listener = who;
    }

    synchronized void create(BatchState batch) {
        apply(batch);
    }

    /** Loses the log after so many further entries, having recorded the last of them or not. */
    synchronized void loseLogAt(int entries, boolean recorded) {
        entriesUntilLoss = entries;
        recordsWhenLost = recorded;
    }

    synchronized List<Submit> lines() {
        return List.copyOf(lines);
    }

    synchronized List<FileState> files() {
        return List.copyOf(files);
    }

    synchronized List<BatchStatus> statuses() {
        return statuses.stream().distinct().toList();
    }

    synchronized Optional<InferenceResult> result(JobId line) {
        return Optional.ofNullable(results.get(line));
    }

    BatchState awaitEnd(Duration patience) {
        await(patience, () -> ended().isPresent());
        return ended().orElseThrow();
    }

    /** Returns when the log was lost, or no loss can come any more. */
    void awaitLoss(Duration patience) {
        await(patience, () -> losses > lossesSeen || ended().isPresent());
        synchronized (this) {
            lossesSeen = losses;
            entriesUntilLoss = -1;
        }
    }

    @Override
    public void readToEnd() {
        // what was recorded can be seen at once
    }

    @Override
    public synchronized Set<BatchId> unfinished() {
        Set<BatchId> open = new java.util.HashSet<>(batches.keySet());
        open.removeIf(id -> batch(id).filter(BatchFollower::hasEnded).isPresent());
        return open;
    }

    @Override
    public synchronized Optional<BatchState> batch(BatchId batch) {
        return Optional.ofNullable(batches.get(batch));
    }

    @Override
    public synchronized Progress progress(BatchId batch) {
        return progress;
    }

    @Override
    public synchronized BatchLog open(ViewPartition partition) {
        int mine = ++epoch;
        return new BatchLog() {
            @Override
            public void record(Entry entry) {
                FakePartition.this.record(mine, entry);
            }

            @Override
            public void close() {
                // nothing to give back
            }
        };
    }

    private synchronized void record(int of, BatchLog.Entry entry) {
        if (of != epoch) {
            throw new LostLogException("fenced", new IllegalStateException("epoch " + of));
        }
        boolean lost = entriesUntilLoss-- == 0;
        if (!lost || recordsWhenLost) {
            lines.addAll(entry.lines());
            files.addAll(entry.files());
            apply(entry.batch());
            if (dispatching) {
                entry.lines().forEach(this::answer);
            }
        }
        if (lost) {
            losses++;
            notifyAll();
            throw new LostLogException("lost", new IllegalStateException("planted"));
        }
    }

    private void apply(BatchState batch) {
        BatchId id = new BatchId(batch.getBatchId());
        batches.put(id, batch);
        statuses.add(batch.getStatus());
        listener.changed(id);
        notifyAll();
    }

    private void answer(Submit line) {
        int number = line.getBatchLine().getLine();
        InferenceResult result = Records.ended(number, answers.apply(number)).build();
        results.put(new JobId(line.getJobId()), result);
        progress = progress.plus(Progress.of(LineEnd.of(result)));
        listener.progressed(Records.BATCH);
    }

    private synchronized Optional<BatchState> ended() {
        return batches.values().stream().filter(BatchFollower::hasEnded).findFirst();
    }

    private synchronized void await(Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new AssertionError("nothing within " + patience + ": " + batches);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
