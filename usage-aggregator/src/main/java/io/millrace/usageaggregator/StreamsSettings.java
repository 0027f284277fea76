package io.millrace.usageaggregator;

import static org.apache.kafka.streams.StreamsConfig.adminClientPrefix;
import static org.apache.kafka.streams.StreamsConfig.consumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.mainConsumerPrefix;
import static org.apache.kafka.streams.StreamsConfig.producerPrefix;

import io.millrace.servicekit.kafka.KafkaClients;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/** How Kafka Streams is set. */
final class StreamsSettings {

    private static final String APPLICATION = "millrace-usage-aggregator";
    private static final long CACHE_BYTES = 8L * 1024 * 1024;

    private StreamsSettings() {}

    /**
     * Returns the settings of one instance.
     *
     * @param directory where its state lies
     * @param instance name of the instance that its restarts share
     * @param self where the instance answers, as the others know it
     */
    static Properties of(
            KafkaClients kafka,
            Path directory,
            String instance,
            HostInfo self,
            RocksDbMemory memory) {
        Properties settings = new Properties();
        settings.putAll(kafka.common(APPLICATION));
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, self.host() + ":" + self.port());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 100);
        settings.put(StreamsConfig.POLL_MS_CONFIG, 20);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        settings.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG, (int) kafka.config().replicationFactor());
        settings.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, 60_000);
        settings.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        // there is no global thread; unset, it is warned of at each start (its constant is
        // deprecated, because Kafka 5 will not ask)
        settings.put("processing.exception.handler.global.enabled", true);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocksDb.class);
        settings.put(BoundedRocksDb.MEMORY, memory);
        clients(settings, instance);
        return settings;
    }

    private static void clients(Properties settings, String instance) {
        settings.put(consumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 50);
        // A restart takes over at once what its predecessor held, even after a kill -9; without a
        // name of its own it would wait for the predecessor's session to end.
        settings.put(mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG), instance);
        settings.put(mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG), 6_000);
        settings.put(mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG), 500);
        settings.put(producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 0);
        settings.put(producerPrefix(ProducerConfig.RETRY_BACKOFF_MS_CONFIG), 5);
        settings.put(adminClientPrefix("retry.backoff.ms"), 10);
    }
}
