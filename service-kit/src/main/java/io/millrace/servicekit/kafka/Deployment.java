package io.millrace.servicekit.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings the topics of a cluster to what a deployment needs, and refuses what differs. */
public final class Deployment {

    private static final Logger LOG = LoggerFactory.getLogger(Deployment.class);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final long PAUSE_NANOS = Duration.ofMillis(50).toNanos();

    private final Admin admin;

    /** Works through that client, which stays the caller's. */
    public Deployment(Admin admin) {
        this.admin = admin;
    }

    /**
     * Makes the topics that are missing.
     *
     * @throws IllegalStateException when one exists with another number of partitions
     * @throws KafkaException when the cluster refuses or does not answer
     */
    public void ensure(List<NewTopic> wanted) {
        List<String> names = wanted.stream().map(NewTopic::name).toList();
        Map<String, KafkaFuture<TopicDescription>> described =
                admin.describeTopics(names).topicNameValues();
        List<NewTopic> missing = new ArrayList<>();
        for (NewTopic topic : wanted) {
            try {
                refuseOtherCount(topic, await(described.get(topic.name())));
            } catch (UnknownTopicOrPartitionException e) {
                missing.add(topic);
            }
        }
        create(missing);
    }

    private void create(List<NewTopic> missing) {
        if (missing.isEmpty()) {
            return;
        }
        Map<String, KafkaFuture<Void>> created = admin.createTopics(missing).values();
        for (NewTopic topic : missing) {
            try {
                await(created.get(topic.name()));
            } catch (TopicExistsException e) {
                // another process was faster; what it made must fit all the same
                refuseOtherCount(topic, existing(topic.name()));
            }
        }
        LOG.atInfo().addKeyValue("topics", missing.size()).log("topics made");
    }

    /** Returns a topic that there is: a broker may hear of it a moment later. */
    private TopicDescription existing(String name) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return await(admin.describeTopics(List.of(name)).topicNameValues().get(name));
            } catch (UnknownTopicOrPartitionException e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private static void refuseOtherCount(NewTopic wanted, TopicDescription found) {
        if (found.partitions().size() != wanted.numPartitions()) {
            throw new IllegalStateException(
                    ("topic %s has %d partitions where %d are configured (kafka.slots is fixed for"
                                    + " a cluster's life)")
                            .formatted(
                                    wanted.name(),
                                    found.partitions().size(),
                                    wanted.numPartitions()));
        }
    }

    private static <T> T await(@org.jspecify.annotations.Nullable KafkaFuture<T> future) {
        if (future == null) {
            throw new IllegalStateException("the admin client forgot a topic it was asked for");
        }
        try {
            return future.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof KafkaException cause ? cause : new KafkaException(e);
        } catch (TimeoutException e) {
            throw new KafkaException("the cluster did not answer within " + PATIENCE, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while asking the cluster", e);
        }
    }
}
