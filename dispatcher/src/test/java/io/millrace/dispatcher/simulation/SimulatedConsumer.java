package io.millrace.dispatcher.simulation;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.TopicPartition;

/** A consumer of committed records that assigns itself what it reads. */
@SuppressWarnings("UnsynchronizedOverridesSynchronized") // one task at a time uses it
class SimulatedConsumer extends MockConsumer<byte[], byte[]> {

    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

    private final World world;
    private final Map<TopicPartition, Long> positions = new TreeMap<>(ORDER);
    private final Set<TopicPartition> paused = new HashSet<>();

    SimulatedConsumer(World world) {
        super("earliest");
        this.world = world;
    }

    @Override
    public final Set<TopicPartition> assignment() {
        Set<TopicPartition> assigned = new TreeSet<>(ORDER);
        assigned.addAll(positions.keySet());
        return assigned;
    }

    @Override
    public final void assign(Collection<TopicPartition> partitions) {
        positions.keySet().retainAll(partitions);
        partitions.forEach(each -> positions.putIfAbsent(each, 0L));
        paused.retainAll(partitions);
    }

    @Override
    public final void unsubscribe() {
        positions.clear();
        paused.clear();
    }

    @Override
    public final void seek(TopicPartition partition, long offset) {
        positions.put(partition, offset);
    }

    @Override
    public final long position(TopicPartition partition) {
        return positions.getOrDefault(partition, 0L);
    }

    @Override
    public final OptionalLong currentLag(TopicPartition partition) {
        long stable = world.cluster().lastStable(partition);
        return OptionalLong.of(Math.max(0, stable - position(partition)));
    }

    @Override
    public final Map<TopicPartition, Long> endOffsets(
            Collection<TopicPartition> partitions, Duration timeout) {
        world.kernel().step("asks for ends");
        return partitions.stream()
                .collect(Collectors.toMap(each -> each, world.cluster()::lastStable));
    }

    @Override
    public final Map<TopicPartition, Long> endOffsets(Collection<TopicPartition> partitions) {
        return endOffsets(partitions, Duration.ZERO);
    }

    @Override
    public final Set<TopicPartition> paused() {
        return Set.copyOf(paused);
    }

    @Override
    public final void pause(Collection<TopicPartition> partitions) {
        paused.addAll(partitions);
    }

    @Override
    public final void resume(Collection<TopicPartition> partitions) {
        paused.removeAll(partitions);
    }

    final void forget(Collection<TopicPartition> partitions) {
        positions.keySet().removeAll(partitions);
        paused.removeAll(partitions);
    }

    @Override
    public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
        world.kernel().sleep(world.kernel().between(20, 400));
        Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> fetched = new HashMap<>();
        for (TopicPartition each : assignment()) {
            if (!paused.contains(each)) {
                int most = 1 + world.kernel().random.nextInt(8);
                long from = positions.getOrDefault(each, 0L);
                var records = world.cluster().read(each, from, most);
                if (!records.isEmpty()) {
                    positions.put(each, records.getLast().offset() + 1);
                    fetched.put(each, records);
                }
            }
        }
        return new ConsumerRecords<>(fetched, Map.of());
    }
}
