package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.topic.Topic;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What another room adds to the view: stores beside it, and a follower of what it applies.
 *
 * <p>A record may come again after a crash, so that what a follower does with it must be
 * idempotent.
 */
public interface ViewExtension {

    /** Returns the builders of its own stores; Kafka Streams keeps their changelogs. */
    Set<StoreBuilder<KeyValueStore<String, byte[]>>> stores();

    /**
     * Returns the topic of its own, if it has one: it has as many partitions as the view, and what
     * stands in one belongs to the same partition of the view.
     */
    default Optional<OwnTopic> topic() {
        return Optional.empty();
    }

    /** Begins to follow a partition that this process now holds, all stores restored. */
    Follower follow(ViewPartition partition, Stores stores);

    /**
     * A topic that an extension reads, and writes as part of what it follows.
     *
     * @param partition tells the partition that a key belongs to
     */
    record OwnTopic(Topic topic, ToIntFunction<String> partition) {}

    /** The stores of one partition; only to be used by the follower's own methods. */
    interface Stores {

        /** Returns a store of bytes by text, by its name. */
        KeyValueStore<String, byte[]> get(String name);

        /**
         * Returns the store that the index of lists is in, for those who keep little and look it up
         * by ranges: each store that need not be opened makes a start faster. Whoever keeps
         * something there begins its keys with a small letter, which no list does.
         */
        KeyValueStore<String, byte[]> shared();

        /** Returns what was accepted under an id of this partition, as far as it was applied. */
        Optional<JobsRecord> record(String id);

        /** Returns whether a job of this partition has ended, as far as that was applied. */
        boolean ended(String id);

        /** Returns the terminal state of a job of this partition, as far as that was applied. */
        Optional<InferenceResult> result(String id);

        /**
         * Appends to the extension's own topic, while a record of {@code jobs} or {@code results}
         * is being followed: should that be lost in a crash, the record is followed again.
         */
        void emit(Topic topic, String key, byte[] value);
    }

    /** Follows one partition; called by the one thread that applies it, so it must not block. */
    interface Follower extends AutoCloseable {

        /** A record of {@code jobs} was applied. */
        void accepted(String id, JobsRecord record);

        /** An id was deleted from {@code jobs}. */
        void forgotten(String id);

        /** A terminal state was applied. */
        void ended(JobId id, InferenceResult result);

        /** A record of the extension's own topic came; null is a tombstone. */
        default void read(String key, byte @Nullable [] value) {
            throw new IllegalStateException("an extension with a topic reads it");
        }

        /** This process holds the partition no longer; returns at once. */
        @Override
        void close();
    }
}
