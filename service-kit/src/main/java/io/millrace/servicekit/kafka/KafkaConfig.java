package io.millrace.servicekit.kafka;

import io.millrace.servicekit.config.Reference;
import io.millrace.servicekit.config.Section;
import io.millrace.servicekit.config.Setting;
import java.net.URI;
import java.util.List;
import java.util.Map;

/**
 * Where Kafka and the schema registry are, and how much of the cluster is ours.
 *
 * @param bootstrapServers comma-separated host:port pairs
 * @param schemaRegistry base URL of a registry with Confluent's API
 * @param properties passed to every client: security.protocol, sasl.*, ssl.*
 * @param replicationFactor of every topic that is made
 * @param slots number of slots and of view partitions, fixed for a cluster's life
 */
public record KafkaConfig(
        String bootstrapServers,
        URI schemaRegistry,
        Map<String, String> properties,
        short replicationFactor,
        int slots) {

    private static final Setting<String> BOOTSTRAP =
            Setting.text("bootstrap-servers", "Host and port pairs; absent in `up`: embedded")
                    .withDefault("127.0.0.1:9092");
    private static final Setting<URI> REGISTRY =
            Setting.url(
                            "schema-registry",
                            "Base URL of the schema registry; absent in `up`: its own")
                    .withDefault("http://127.0.0.1:8081");
    private static final Setting<String> PROPERTIES =
            Setting.text(
                    "properties",
                    "Mapping passed to every client: `security.protocol`, `sasl.*`, `ssl.*`");
    private static final Setting<Integer> REPLICATION =
            Setting.integer("replication-factor", "Of every topic made; 1 in `up`", 1, 32)
                    .withDefault("3");
    private static final Setting<Integer> SLOTS =
            Setting.integer(
                            "slots",
                            "Slots of the cluster, 16 in `up`; fixed for a cluster's life: a"
                                    + " different number refuses to start",
                            1,
                            1296)
                    .withDefault("64");

    /** The section of the reference page. */
    public static final Reference REFERENCE =
            new Reference(
                    "kafka",
                    "Kafka and the schema registry.",
                    List.of(BOOTSTRAP, REGISTRY, PROPERTIES, REPLICATION, SLOTS));

    public KafkaConfig {
        properties = Map.copyOf(properties);
    }

    /** Reads the section {@code kafka}. */
    public static KafkaConfig from(Section kafka) {
        kafka.allow(REFERENCE.keys());
        return new KafkaConfig(
                kafka.get(BOOTSTRAP),
                kafka.get(REGISTRY),
                kafka.texts(PROPERTIES.key()),
                kafka.get(REPLICATION).shortValue(),
                kafka.get(SLOTS));
    }

    /** Leaves the properties out, which may hold passwords. */
    @Override
    public String toString() {
        return "KafkaConfig[bootstrapServers=%s, schemaRegistry=%s, slots=%d]"
                .formatted(bootstrapServers, schemaRegistry, slots);
    }
}
