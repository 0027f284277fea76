package io.millrace.ingress.jobs;

import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * One partition of the view that this process holds: its stores, how far they are, who follows.
 *
 * <p>The stores may be read by any thread; only the stream's thread changes anything.
 */
final class Held {

    private final ViewPartition partition;
    private final KeyValueStore<String, byte[]> jobs;
    private final KeyValueStore<String, byte[]> results;
    private final KeyValueStore<String, byte[]> index;
    private volatile List<ViewExtension.Follower> followers = List.of();
    private final Map<Topic, Long> applied = new EnumMap<>(Topic.class);
    private boolean over;

    Held(
            ViewPartition partition,
            KeyValueStore<String, byte[]> jobs,
            KeyValueStore<String, byte[]> results,
            KeyValueStore<String, byte[]> index) {
        this.partition = partition;
        this.jobs = jobs;
        this.results = results;
        this.index = index;
    }

    /** Lets others follow from now on. */
    void followedBy(List<ViewExtension.Follower> all) {
        followers = List.copyOf(all);
    }

    ViewPartition partition() {
        return partition;
    }

    KeyValueStore<String, byte[]> jobs() {
        return jobs;
    }

    KeyValueStore<String, byte[]> results() {
        return results;
    }

    KeyValueStore<String, byte[]> index() {
        return index;
    }

    List<ViewExtension.Follower> followers() {
        return followers;
    }

    /** Remembers that every record up to that offset is in the stores. */
    synchronized void applied(Topic topic, long offset) {
        if (applied.merge(topic, offset, Math::max) == offset) {
            notifyAll();
        }
    }

    /** Returns the last offset known to be in the stores; none before the first one came. */
    synchronized OptionalLong applied(Topic topic) {
        Long offset = applied.get(topic);
        return offset == null ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /** Returns whether the stores hold everything up to that offset, waiting for it if need be. */
    synchronized boolean awaitApplied(Topic topic, long offset, Duration atMost) {
        long giveUp = System.nanoTime() + atMost.toNanos();
        while (!over && applied.getOrDefault(topic, -1L) < offset) {
            long millis = (giveUp - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return false;
            }
            try {
                wait(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
            }
        }
        return !over;
    }

    /** Lets go: nobody may read the stores any more. */
    void release() {
        synchronized (this) {
            over = true;
            notifyAll();
        }
        followers.forEach(ViewExtension.Follower::close);
    }
}
