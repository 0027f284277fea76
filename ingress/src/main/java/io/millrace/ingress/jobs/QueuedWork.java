package io.millrace.ingress.jobs;

import io.millrace.ingress.admission.QueueVerdict;
import io.millrace.ingress.admission.Queued;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.BatchStatus;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.BatchId;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.id.ViewPartition;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * How much of each tenant's work has not ended, in the partitions of the view that this process
 * holds. Thread-safe.
 *
 * <p>Its store has one entry for each job and batch that has not ended. To put and to delete them
 * can be repeated, and the sums are made of the entries whenever a partition is taken: a restart or
 * a move cannot make them drift. Taking a partition costs what is open in it, not its history.
 */
public final class QueuedWork implements ViewExtension {

    /** Name of the store; its changelog's name is made of it. */
    static final String STORE = "queued-work";

    private static final Set<BatchStatus> ENDED =
            EnumSet.of(
                    BatchStatus.FAILED,
                    BatchStatus.COMPLETED,
                    BatchStatus.EXPIRED,
                    BatchStatus.CANCELLED);

    private final ToIntFunction<BatchId> endedLines;
    private final InstantSource clock;
    private final Map<String, TenantQueue> tenants = new ConcurrentHashMap<>();
    private final Set<ViewPartition> held = ConcurrentHashMap.newKeySet();

    /**
     * Begins with no partition.
     *
     * @param endedLines how many lines have ended of a batch that is held here
     */
    public QueuedWork(ToIntFunction<BatchId> endedLines, InstantSource clock) {
        this.endedLines = endedLines;
        this.clock = clock;
    }

    /** Returns what of a tenant's is queued here. */
    Queued of(TenantId tenant) {
        Queued[] sum = {Queued.NOTHING};
        tenants.computeIfPresent(
                tenant.value(),
                (_, queue) -> {
                    sum[0] = queue.sum(endedLines, clock.instant());
                    return queue.empty() ? null : queue;
                });
        return sum[0];
    }

    /** Returns how many partitions this process counts. */
    int partitions() {
        return held.size();
    }

    /** Returns whether this process counts that partition. */
    boolean holds(ViewPartition partition) {
        return held.contains(partition);
    }

    /**
     * Counts a job from now on if it is let in: nobody else of the same tenant is judged meanwhile.
     *
     * @param judge of what is queued here
     */
    QueueVerdict enter(
            JobId job, TenantId tenant, Queued amount, Function<Queued, QueueVerdict> judge) {
        QueueVerdict[] said = {new QueueVerdict.Room()};
        with(
                tenant.value(),
                queue -> {
                    said[0] = judge.apply(queue.sum(endedLines, clock.instant()));
                    if (said[0] instanceof QueueVerdict.Room) {
                        queue.arrive(job.value(), amount, clock.instant());
                    }
                });
        return said[0];
    }

    /** Counts a job no more that was let in and is not in the view. */
    void leave(JobId job, TenantId tenant) {
        with(tenant.value(), queue -> queue.arrived(job.value()));
    }

    @Override
    public Set<StoreBuilder<KeyValueStore<String, byte[]>>> stores() {
        return Set.of(
                org.apache.kafka.streams.state.Stores.keyValueStoreBuilder(
                                org.apache.kafka.streams.state.Stores.persistentKeyValueStore(
                                        STORE),
                                Serdes.String(),
                                Serdes.ByteArray())
                        .withCachingDisabled());
    }

    @Override
    public Follower follow(ViewPartition partition, Stores stores) {
        return new Counting(partition, stores);
    }

    private void with(String tenant, Consumer<TenantQueue> change) {
        tenants.compute(
                tenant,
                (_, known) -> {
                    TenantQueue queue = known == null ? new TenantQueue() : known;
                    change.accept(queue);
                    return queue.empty() ? null : queue;
                });
    }

    /** Counts one partition. */
    private final class Counting implements Follower {

        private final ViewPartition partition;
        private final Stores stores;
        private final KeyValueStore<String, byte[]> entries;
        private final Map<String, Queued> jobs = new HashMap<>();
        private final Map<BatchId, String> batches = new HashMap<>();

        Counting(ViewPartition partition, Stores stores) {
            this.partition = partition;
            this.stores = stores;
            this.entries = stores.get(STORE);
            try (KeyValueIterator<String, byte[]> all = entries.all()) {
                while (all.hasNext()) {
                    KeyValue<String, byte[]> each = all.next();
                    count(each.key, QueueEntry.read(each.value));
                }
            }
            held.add(partition);
        }

        @Override
        public void accepted(String id, JobsRecord record) {
            JobAccepted job = record.getJob();
            BatchState batch = record.getBatch();
            if (job != null) {
                accepted(id, job);
            } else if (batch != null) {
                accepted(id, batch);
            }
        }

        private void accepted(String id, JobAccepted job) {
            Long tokens = job.getQueuedTokens();
            if (tokens == null) {
                return;
            }
            if (!stores.ended(id) && entries.get(id) == null) {
                put(id, new QueueEntry(job.getTenant(), new Queued(1, tokens)));
            }
            with(job.getTenant(), queue -> queue.arrived(id));
        }

        private void accepted(String id, BatchState batch) {
            if (ENDED.contains(batch.getStatus())) {
                remove(id);
            } else {
                put(
                        id,
                        new QueueEntry(
                                batch.getTenant(),
                                new Queued(batch.getTotalLines(), batch.getQueuedTokens())));
            }
        }

        @Override
        public void forgotten(String id) {
            remove(id);
        }

        @Override
        public void ended(JobId id, InferenceResult result) {
            // of a batch's lines the batch itself keeps count
            if (result.getBatchLine() == null) {
                remove(id.value());
            }
        }

        @Override
        public void close() {
            held.remove(partition);
            jobs.forEach((tenant, amount) -> with(tenant, queue -> queue.subtract(amount)));
            batches.forEach((batch, tenant) -> with(tenant, queue -> queue.remove(batch)));
        }

        private void put(String id, QueueEntry entry) {
            entries.put(id, entry.bytes());
            count(id, entry);
        }

        private void count(String id, QueueEntry entry) {
            Optional<BatchId> batch = BatchId.parse(id);
            if (batch.isPresent()) {
                batches.put(batch.get(), entry.tenant());
                with(entry.tenant(), queue -> queue.put(batch.get(), entry.amount()));
            } else {
                jobs.merge(entry.tenant(), entry.amount(), Queued::plus);
                with(entry.tenant(), queue -> queue.add(entry.amount()));
            }
        }

        private void remove(String id) {
            byte @Nullable [] known = entries.get(id);
            if (known == null) {
                return;
            }
            entries.delete(id);
            QueueEntry entry = QueueEntry.read(known);
            Optional<BatchId> batch = BatchId.parse(id);
            if (batch.isPresent()) {
                batches.remove(batch.get());
                with(entry.tenant(), queue -> queue.remove(batch.get()));
            } else {
                jobs.computeIfPresent(
                        entry.tenant(),
                        (_, sum) -> {
                            Queued left = sum.minus(entry.amount());
                            return left.equals(Queued.NOTHING) ? null : left;
                        });
                with(entry.tenant(), queue -> queue.subtract(entry.amount()));
            }
        }
    }
}
