package io.millrace.dispatcher.simulation;

import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.SettlementSeam;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** A member of the played group: its callbacks run within its poll. */
@SuppressWarnings({
    "removal", // what only a consumer is to make
    "UnsynchronizedOverridesSynchronized" // one task at a time uses it
})
final class SlotsConsumer extends SimulatedConsumer {

    private final World world;
    private final Kernel.Host host;
    private final String instance;
    private final Ownership ownership;
    private final Set<Integer> assigned = new TreeSet<>();
    private Optional<ConsumerRebalanceListener> listener = Optional.empty();
    private Optional<Group.Member> member = Optional.empty();
    private final Deque<Runnable> answers = new ArrayDeque<>();
    private OptionalLong knownAt = OptionalLong.empty();
    private int generation = -1;

    SlotsConsumer(World world, Kernel.Host host, String instance, Ownership ownership) {
        super(world);
        this.world = world;
        this.host = host;
        this.instance = instance;
        this.ownership = ownership;
    }

    void listen(ConsumerRebalanceListener callbacks) {
        listener = Optional.of(callbacks);
    }

    @Override
    public ConsumerGroupMetadata groupMetadata() {
        return member.map(each ->
                        new ConsumerGroupMetadata(
                                "g", generation, each.id(), Optional.of(instance)))
                .orElseGet(() -> new ConsumerGroupMetadata("g"));
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        if (member.isEmpty()) {
            member = Optional.of(world.group().join(instance, host));
        }
        String id = member.get().id();
        if (!world.group().has(id)) {
            if (knownAt.isEmpty()) {
                knownAt = OptionalLong.of(world.kernel().nanos() + wordUnderWay().toNanos());
            }
            if (world.kernel().nanos() >= knownAt.getAsLong()) {
                lose();
            }
        } else {
            generation = world.group().generation();
            follow(id);
        }
        ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
        // what was asked before this poll is answered within it, and the poll may be a long one
        for (Runnable answer = answers.poll(); answer != null; answer = answers.poll()) {
            answer.run();
        }
        return records;
    }

    // a word of the group may be long under way: its broker was stopped, or a connection is made
    private Duration wordUnderWay() {
        return world.kernel().oneIn(2) ? Duration.ofMillis(700) : world.kernel().between(0, 10_000);
    }

    @Override
    public void commitAsync(
            Map<TopicPartition, OffsetAndMetadata> offsets, OffsetCommitCallback callback) {
        Exception refused = refusal();
        answers.add(() -> callback.onComplete(offsets, refused));
    }

    @Override
    public void commitSync(Map<TopicPartition, OffsetAndMetadata> offsets, Duration timeout) {
        world.kernel().step("asks whether it is a member");
        Exception refused = refusal();
        if (refused != null) {
            throw new CommitFailedException(refused.getMessage());
        }
    }

    private @Nullable Exception refusal() {
        boolean isMember = member.filter(each -> world.group().has(each.id())).isPresent();
        return isMember ? null : new CommitFailedException("not a member");
    }

    private void lose() {
        Set<Integer> lost = new TreeSet<>(assigned);
        assigned.clear();
        forget(partitions(lost));
        member = Optional.empty();
        knownAt = OptionalLong.empty();
        outsideTransaction();
        world.kernel().trace(host.name() + " learns that it has lost " + lost);
        if (!lost.isEmpty()) {
            listener.orElseThrow().onPartitionsLost(partitions(lost));
        }
    }

    private void follow(String id) {
        Set<Integer> given = world.group().toRevoke(id, assigned);
        if (!given.isEmpty()) {
            outsideTransaction();
            world.kernel().trace(host.name() + " gives up " + given);
            if (world.bug() != Bug.KEEP_A_REVOKED_SLOT) {
                listener.orElseThrow().onPartitionsRevoked(partitions(given));
            }
            assigned.removeAll(given);
            forget(partitions(given));
            world.group().revoked(id, given);
            world.kernel().step("has given up " + given);
        }
        Set<Integer> taken = world.group().toAssign(id, assigned);
        if (!taken.isEmpty()) {
            assigned.addAll(taken);
            partitions(taken).forEach(each -> seek(each, 0));
            world.kernel().step("is given " + taken);
            listener.orElseThrow().onPartitionsAssigned(partitions(taken));
            world.kernel().step("has taken over " + taken);
        }
    }

    /** Begins anew after a failure: what was assigned belongs to others. */
    void beginAnew() {
        member.ifPresent(each -> world.group().leave(each.id()));
        lose();
    }

    /** Leaves the group for good. */
    void leave() {
        outsideTransaction();
        if (!assigned.isEmpty()) {
            listener.orElseThrow().onPartitionsRevoked(partitions(assigned));
        }
        member.ifPresent(each -> world.group().leave(each.id()));
    }

    // the lock of the transaction: who waits for it waits for a step, not in one
    private void outsideTransaction() {
        world.kernel().await(() -> !SettlementSeam.inTransaction(ownership));
    }

    private static Collection<TopicPartition> partitions(Set<Integer> slots) {
        return List.copyOf(
                slots.stream()
                        .map(each -> new TopicPartition(Topic.REQUESTS.topicName(), each))
                        .toList());
    }
}
