package io.millrace.usageaggregator.usage;

import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * From bills to the cube.
 *
 * <pre>
 *   usage ─► intake ─► cube (store)
 *               └────► dead-letters
 * </pre>
 *
 * <p>A plain store keyed by bucket and not Streams' windows: a window that is closed drops what
 * comes late, and a bill may come days late, when a slot was down for days.
 */
public final class UsageTopology {

    /** Name of the store. */
    static final String STORE = "cube";

    // Small segments, so that compaction keeps up and restoring stays short.
    private static final Map<String, String> CHANGELOG =
            Map.of("segment.bytes", String.valueOf(16 * 1024 * 1024));

    private UsageTopology() {}

    /** Returns it. */
    public static Topology of(Codecs codecs, Retention retention, IntakeObserver observer) {
        Burial burial = new Burial(codecs.deadLetters());
        Topology topology = new Topology();
        topology.addSource(
                AutoOffsetReset.earliest(),
                "bills",
                new CompletionTime(),
                new ByteArrayDeserializer(),
                new ArrivalDeserializer(codecs.usage()),
                Topic.USAGE.topicName());
        topology.addProcessor(
                "intake", () -> new UsageIntake(retention, burial, observer), "bills");
        topology.addStateStore(store(), "intake");
        topology.addSink(
                "dead-letters",
                Topic.DEAD_LETTERS.topicName(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                "intake");
        return topology;
    }

    // Cached: bills of the same cell within a transaction make one write and one changelog record.
    private static StoreBuilder<KeyValueStore<Bytes, byte[]>> store() {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(STORE), Serdes.Bytes(), Serdes.ByteArray())
                .withLoggingEnabled(CHANGELOG)
                .withCachingEnabled();
    }
}
