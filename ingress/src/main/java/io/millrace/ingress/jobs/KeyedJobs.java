package io.millrace.ingress.jobs;

import io.millrace.ingress.submission.JobRecords;
import io.millrace.ingress.submission.KeyLog;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;

/**
 * The owners of idempotency keys: one for each view partition that this process holds, as long as
 * it does. Thread-safe.
 */
public final class KeyedJobs implements ViewExtension {

    private final KeyView view;
    private final KeyLog.Opener opener;
    private final Map<ViewPartition, KeyOwner> owners = new ConcurrentHashMap<>();

    KeyedJobs(KeyView view, KeyLog.Opener opener) {
        this.view = view;
        this.opener = opener;
    }

    /**
     * Decides what becomes of a wish, or returns none when another ingress has to.
     *
     * @param admit admits it and makes a job of it; asked only if it has not become one before
     * @throws io.millrace.ingress.http.UnavailableException when that cannot be said
     */
    Optional<Taken> take(JobId id, String fingerprint, Supplier<JobRecords> admit) {
        return Optional.ofNullable(owners.get(id.viewPartition()))
                .map(owner -> owner.take(id, fingerprint, admit));
    }

    @Override
    public Set<StoreBuilder<KeyValueStore<String, byte[]>>> stores() {
        return Set.of();
    }

    @Override
    public Follower follow(ViewPartition partition, Stores stores) {
        KeyOwner owner = new KeyOwner(partition, view, opener);
        owners.put(partition, owner);
        return new Following(partition, owner);
    }

    /** One holding of one partition. */
    private final class Following implements Follower {

        private final ViewPartition partition;
        private final KeyOwner owner;

        Following(ViewPartition partition, KeyOwner owner) {
            this.partition = partition;
            this.owner = owner;
        }

        @Override
        public void accepted(String id, JobsRecord record) {
            JobId.parse(id).ifPresent(owner::applied);
        }

        @Override
        public void forgotten(String id) {
            // a key that was applied once counts as begun no more
        }

        @Override
        public void ended(JobId id, InferenceResult result) {
            // a job that has ended keeps its key
        }

        @Override
        public void close() {
            owners.remove(partition, owner);
            owner.stop();
        }
    }
}
