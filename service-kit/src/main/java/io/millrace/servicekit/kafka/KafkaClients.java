package io.millrace.servicekit.kafka;

import io.confluent.kafka.schemaregistry.client.SchemaRegistryClient;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaClientMetrics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClient;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Makes Kafka clients with our settings written out, their meters bound to the process's registry.
 *
 * <p>Keys and values are bytes: what they mean is the caller's. Thread-safe. Close what it makes
 * through {@link Bound}, so that the meters go with the client.
 */
public final class KafkaClients {

    private final KafkaConfig config;
    private final MeterRegistry meters;
    private final SchemaRegistryClient registry;

    /** Makes clients for that cluster, with that one of its schema registry. */
    public KafkaClients(KafkaConfig config, SchemaRegistryClient registry, MeterRegistry meters) {
        this.config = config;
        this.registry = registry;
        this.meters = meters;
    }

    /** Returns the cluster the clients are made for. */
    public KafkaConfig config() {
        return config;
    }

    /** Returns the one client of the cluster's schema registry. */
    public SchemaRegistryClient registry() {
        return registry;
    }

    /** Returns settings that every client shares, Kafka Streams included. */
    public Map<String, Object> common(String clientId) {
        Map<String, Object> settings = new HashMap<>();
        // by default a bean for each of some thousand metrics: a second of CPU on the way up, and
        // nobody reads them beside /metrics
        settings.put("metric.reporters", "");
        settings.putAll(config.properties());
        settings.put("bootstrap.servers", config.bootstrapServers());
        settings.put("client.id", clientId);
        return settings;
    }

    /** Makes an idempotent producer that waits for all replicas and never lingers. */
    public Bound<Producer<byte[], byte[]>> producer(String clientId) {
        return producer(clientId, Map.of());
    }

    /**
     * Makes a transactional producer with the settings that were measured for takeover.
     *
     * @param transactionalId unique to each start of the process that uses it
     */
    public Bound<Producer<byte[], byte[]>> transactionalProducer(
            String clientId, String transactionalId) {
        return producer(
                clientId,
                Map.of(
                        ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId,
                        // only the backstop for a frozen zombie; takeover fences at once
                        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 10_000,
                        ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5));
    }

    /**
     * Makes a consumer that reads only what is committed and commits nothing by itself.
     *
     * @param settings what differs: group, fetch sizes
     */
    public Bound<Consumer<byte[], byte[]>> consumer(String clientId, Map<String, Object> settings) {
        Map<String, Object> all = common(clientId);
        all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 50);
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        all.putAll(settings);
        var client =
                new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        return bound(client, new KafkaClientMetrics(client));
    }

    /** Makes an admin client. */
    public Bound<Admin> admin(String clientId) {
        Map<String, Object> settings = common(clientId);
        settings.put("retry.backoff.ms", 10);
        AdminClient client = AdminClient.create(settings);
        return bound(client, new KafkaClientMetrics(client));
    }

    /**
     * Makes an idempotent producer that waits for all replicas and never lingers.
     *
     * @param settings what differs: how long to block and to try
     */
    public Bound<Producer<byte[], byte[]>> producer(String clientId, Map<String, Object> settings) {
        Map<String, Object> all = common(clientId);
        all.put(ProducerConfig.ACKS_CONFIG, "all");
        all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // the default of 5 ms since Kafka 4 would be added to every request
        all.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 10_000);
        all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 8_000);
        all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 5_000);
        all.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, 2 * 1024 * 1024);
        all.putAll(settings);
        var client = new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
        return bound(client, new KafkaClientMetrics(client));
    }

    private <C extends AutoCloseable> Bound<C> bound(C client, KafkaClientMetrics metrics) {
        metrics.bindTo(meters);
        return new Bound<>(client, metrics);
    }
}
