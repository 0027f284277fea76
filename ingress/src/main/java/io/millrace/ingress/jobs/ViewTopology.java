package io.millrace.ingress.jobs;

import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/**
 * The topology of the view: {@code jobs} and {@code results} put into stores of which they are the
 * changelogs themselves, and an index of lists beside them.
 *
 * <pre>
 *   jobs ────► jobs-apply ────► store jobs, store jobs-index ──┐
 *                                                             ├─► followers, waiters
 *   results ─► results-apply ─► store results ─────────────────┘
 *   an extension's own topic ─► its follower; ◄─ what followers emit
 * </pre>
 *
 * <p>Both appliers share all stores, so that partition n of both topics is one task and has one
 * owner.
 */
final class ViewTopology {

    static final String JOBS = "jobs";
    static final String RESULTS = "results";
    static final String INDEX = "jobs-index";

    private static final String JOBS_APPLY = "jobs-apply";
    private static final String RESULTS_APPLY = "results-apply";

    private ViewTopology() {}

    static Topology of(
            Codecs codecs,
            List<ViewExtension> extensions,
            HeldPartitions held,
            ViewSignals signals) {
        List<StoreBuilder<KeyValueStore<String, byte[]>>> added = new ArrayList<>();
        List<String> appliers = new ArrayList<>(List.of(JOBS_APPLY, RESULTS_APPLY));
        added.add(store(INDEX));
        extensions.forEach(extension -> added.addAll(extension.stores()));

        Topology topology = new Topology();
        source(
                topology,
                Topic.JOBS,
                JOBS,
                JOBS_APPLY,
                () -> new JobsApplier(codecs, extensions, held, signals));
        source(
                topology,
                Topic.RESULTS,
                RESULTS,
                RESULTS_APPLY,
                () -> new ResultsApplier(codecs, held, signals));
        for (int i = 0; i < extensions.size(); i++) {
            int number = i;
            extensions
                    .get(i)
                    .topic()
                    .ifPresent(own -> appliers.add(ownTopic(topology, own, number, held, signals)));
        }
        // what shares a store is one task
        for (StoreBuilder<KeyValueStore<String, byte[]>> builder : added) {
            topology.addStateStore(builder, appliers.toArray(String[]::new));
        }
        topology.connectProcessorAndStateStores(JOBS_APPLY, RESULTS);
        topology.connectProcessorAndStateStores(RESULTS_APPLY, JOBS);
        return topology;
    }

    /** Returns the name of the sink into an extension's own topic. */
    static String sink(Topic topic) {
        return topic.topicName() + "-sink";
    }

    // Events of the view go into the topic; what comes out of it is the extension's own affair.
    private static String ownTopic(
            Topology topology,
            ViewExtension.OwnTopic own,
            int extension,
            HeldPartitions held,
            ViewSignals signals) {
        String name = own.topic().topicName();
        String applier = name + "-apply";
        topology.addSource(
                name + "-source", new StringDeserializer(), new ByteArrayDeserializer(), name);
        topology.addProcessor(
                applier,
                () -> new OwnTopicApplier(own.topic(), extension, held, signals),
                name + "-source");
        topology.addSink(
                sink(own.topic()),
                name,
                new StringSerializer(),
                new ByteArraySerializer(),
                (_, key, _, _) -> Optional.of(Set.of(own.partition().applyAsInt(key))),
                JOBS_APPLY,
                RESULTS_APPLY);
        return applier;
    }

    private static void source(
            Topology topology,
            Topic topic,
            String store,
            String applier,
            ProcessorSupplier<String, byte[], Void, Void> processor) {
        topology.addReadOnlyStateStore(
                store(store).withLoggingDisabled(),
                topic.topicName() + "-source",
                new StringDeserializer(),
                new ByteArrayDeserializer(),
                topic.topicName(),
                applier,
                processor);
    }

    private static StoreBuilder<KeyValueStore<String, byte[]>> store(String name) {
        return Stores.keyValueStoreBuilder(
                        Stores.persistentKeyValueStore(name), Serdes.String(), Serdes.ByteArray())
                .withCachingDisabled();
    }
}
