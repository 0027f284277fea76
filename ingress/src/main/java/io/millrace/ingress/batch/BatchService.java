package io.millrace.ingress.batch;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.jobs.ViewExtension;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * Carries out the batches of every view partition that this process holds: a follower and an owner
 * for each, from the moment the view holds it until it does not. Thread-safe.
 */
public final class BatchService implements ViewExtension, AutoCloseable {

    private static final Duration CLOSING = Duration.ofSeconds(5);
    private static final String NO_BATCH = "0".repeat(26);

    private final Supplier<JobView> view;
    private final BatchLog.Opener logs;
    private final Lanes lanes;
    private final BatchWork work;
    private final BatchMeters meters;
    private final Map<ViewPartition, Held> held = new ConcurrentHashMap<>();

    /**
     * Is made before the view that it extends.
     *
     * @param view the view, once it is there
     */
    BatchService(
            Supplier<JobView> view,
            BatchLog.Opener logs,
            Lanes lanes,
            BatchWork work,
            BatchMeters meters) {
        this.view = view;
        this.logs = logs;
        this.lanes = lanes;
        this.work = work;
        this.meters = meters;
    }

    @Override
    public Set<StoreBuilder<KeyValueStore<String, byte[]>>> stores() {
        return Set.of(BatchStore.builder());
    }

    @Override
    public Follower follow(ViewPartition partition, Stores stores) {
        Agenda agenda = new Agenda();
        KeyValueStore<String, byte[]> store = stores.get(BatchStore.NAME);
        BatchFollower follower = new BatchFollower(new BatchStore(store), stores::record, agenda);
        PartitionOwner owner =
                new PartitionOwner(
                        partition,
                        agenda,
                        new HeldView(partition, follower),
                        logs,
                        lanes,
                        work,
                        meters,
                        PartitionOwner.PAUSE);
        Held holding = new Held(partition, follower, owner);
        held.put(partition, holding);
        owner.start();
        return holding;
    }

    /** Returns how far the lines of a batch are, or none when it is not held here. */
    Optional<Progress> progress(BatchId batch) {
        return Optional.ofNullable(held.get(batch.viewPartition()))
                .map(holding -> holding.follower.progress(batch));
    }

    /**
     * Cancels a batch and returns its state as soon as that is recorded, or shows that it was too
     * late; none when the batch is not held here.
     *
     * @throws UnavailableException when that cannot be said in time
     */
    Optional<BatchState> cancel(BatchId batch) {
        Held holding = held.get(batch.viewPartition());
        if (holding == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    holding.owner
                            .cancel(batch)
                            .get(LogWriter.PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException | TimeoutException e) {
            throw new UnavailableException(
                    "The batch could not be cancelled in time.", Duration.ofSeconds(1), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UnavailableException(
                    "Interrupted while cancelling the batch.", Duration.ofSeconds(1), e);
        }
    }

    /** Stops all work; what was begun goes on at the next owner. */
    @Override
    public void close() {
        Set<Held> all = Set.copyOf(held.values());
        all.forEach(Held::close);
        for (Held holding : all) {
            holding.owner.join(CLOSING);
        }
    }

    /** One holding of one partition. */
    private final class Held implements Follower {

        private final ViewPartition partition;
        private final BatchFollower follower;
        private final PartitionOwner owner;

        Held(ViewPartition partition, BatchFollower follower, PartitionOwner owner) {
            this.partition = partition;
            this.follower = follower;
            this.owner = owner;
        }

        @Override
        public void accepted(String id, JobsRecord record) {
            follower.accepted(id, record);
        }

        @Override
        public void forgotten(String id) {
            follower.forgotten(id);
        }

        @Override
        public void ended(JobId id, InferenceResult result) {
            follower.ended(id, result);
        }

        @Override
        public void close() {
            held.remove(partition, this);
            owner.stop();
        }
    }

    /** What the owner sees of a partition that is held. */
    private final class HeldView implements BatchView {

        private final ViewPartition partition;
        private final BatchFollower follower;

        HeldView(ViewPartition partition, BatchFollower follower) {
            this.partition = partition;
            this.follower = follower;
        }

        @Override
        public void readToEnd() {
            // The view reads to the end before it says that something is not there.
            view.get().record(new BatchId("batch_" + partition.digits() + NO_BATCH).value());
            if (!view.get().ownedPartitions().contains(partition)) {
                throw new IllegalStateException(
                        "view partition %d is not held here".formatted(partition.number()));
            }
        }

        @Override
        public Set<BatchId> unfinished() {
            return follower.open();
        }

        @Override
        public Optional<BatchState> batch(BatchId batch) {
            return view.get().localRecord(batch.value()).map(JobsRecord::getBatch);
        }

        @Override
        public Progress progress(BatchId batch) {
            return follower.progress(batch);
        }
    }
}
