package io.millrace.usageaggregator.usage;

import io.millrace.schemas.id.Slots;
import io.millrace.schemas.topic.Topic;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StoreQueryParameters;
import org.apache.kafka.streams.StreamsMetadata;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.apache.kafka.streams.errors.StreamsNotStartedException;
import org.apache.kafka.streams.state.HostInfo;
import org.apache.kafka.streams.state.QueryableStoreTypes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/** The cube as Kafka Streams holds it: each partition by one instance. Thread-safe. */
public final class StreamsCube implements Cube, Instances {

    private final KafkaStreams streams;
    private final HostInfo self;
    private final Slots partitions;

    /**
     * Reads the stores of a running topology.
     *
     * @param self where this instance answers, as the others know it
     * @param partitions number of the partitions of {@code usage}
     */
    public StreamsCube(KafkaStreams streams, HostInfo self, Slots partitions) {
        this.streams = streams;
        this.self = self;
        this.partitions = partitions;
    }

    @Override
    public void scan(Set<Integer> held, Scope scope, Span span, Consumer<Cell> visitor) {
        held.forEach(partition -> scan(partition, scope, span, visitor));
    }

    @Override
    public Holders holders(Scope scope) {
        Set<Integer> missing = wanted(scope);
        Set<Integer> own = new TreeSet<>();
        Map<URI, Set<Integer>> others = new LinkedHashMap<>();
        for (StreamsMetadata instance : instances()) {
            Set<Integer> held = partitionsOf(instance);
            held.retainAll(missing);
            missing.removeAll(held);
            if (instance.hostInfo().equals(self)) {
                own.addAll(held);
            } else if (!held.isEmpty()) {
                others.put(address(instance), held);
            }
        }
        if (!missing.isEmpty()) {
            throw new CubeUnavailableException(
                    "%d partitions of usage are held by no instance".formatted(missing.size()));
        }
        return new Holders(own, others);
    }

    private static URI address(StreamsMetadata instance) {
        return URI.create("http://%s:%d".formatted(instance.host(), instance.port()));
    }

    private void scan(int partition, Scope scope, Span span, Consumer<Cell> visitor) {
        try {
            ReadOnlyKeyValueStore<Bytes, byte[]> store =
                    streams.store(
                            StoreQueryParameters.fromNameAndType(
                                            UsageTopology.STORE,
                                            QueryableStoreTypes.<Bytes, byte[]>keyValueStore())
                                    .withPartition(partition));
            new CubeScan(store).cells(scope, span, visitor);
        } catch (InvalidStateStoreException e) {
            throw new CubeUnavailableException(
                    "partition %d of usage is being restored or moved".formatted(partition), e);
        }
    }

    private Collection<StreamsMetadata> instances() {
        try {
            return streams.streamsMetadataForStore(UsageTopology.STORE);
        } catch (StreamsNotStartedException | IllegalStateException e) {
            throw new CubeUnavailableException("Kafka Streams is not running", e);
        }
    }

    private Set<Integer> wanted(Scope scope) {
        Set<Integer> wanted = new TreeSet<>();
        switch (scope) {
            case Scope.Only only -> wanted.add(partitions.of(only.tenant()));
            case Scope.Everyone() -> {
                for (int partition = 0; partition < partitions.count(); partition++) {
                    wanted.add(partition);
                }
            }
        }
        return wanted;
    }

    private static Set<Integer> partitionsOf(StreamsMetadata instance) {
        Set<Integer> held = new TreeSet<>();
        for (TopicPartition partition : instance.topicPartitions()) {
            if (partition.topic().equals(Topic.USAGE.topicName())) {
                held.add(partition.partition());
            }
        }
        return held;
    }
}
