package io.millrace.dispatcher.simulation;

import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.SettlementSeam;
import io.millrace.schemas.topic.Topic;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

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
            if (world.kernel().nanos() >= knownAt()) {
                lose();
            }
        } else {
            generation = world.group().generation();
            follow(id);
        }
        return super.poll(timeout);
    }

    // the answer to the first heartbeat after a stop tells of the expulsion
    private long knownAt() {
        return world.kernel().pausedUntil(host) + Duration.ofMillis(700).toNanos();
    }

    private void lose() {
        Set<Integer> lost = new TreeSet<>(assigned);
        assigned.clear();
        forget(partitions(lost));
        member = Optional.empty();
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
