package io.millrace.ingress.jobs;

import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.lifecycle.InstanceName;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.state.HostInfo;

/** How Kafka Streams is set for the view. */
final class ViewSettings {

    private static final String STATE = "view";

    private static final int POLL_MS = 20;

    private ViewSettings() {}

    static Properties of(ServiceEnvironment env, HostInfo here) {
        Properties settings = new Properties();
        settings.putAll(env.kafka().common(env.process() + "-view"));
        Path directory = env.data().resolve(STATE);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, StreamsView.APPLICATION);
        settings.put(StreamsConfig.APPLICATION_SERVER_CONFIG, here.host() + ":" + here.port());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, directory.toString());
        settings.put(
                StreamsConfig.REPLICATION_FACTOR_CONFIG,
                Integer.valueOf(env.kafka().config().replicationFactor()));
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.AT_LEAST_ONCE);
        settings.put(StreamsConfig.TOPOLOGY_OPTIMIZATION_CONFIG, StreamsConfig.OPTIMIZE);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 0L);
        // with one broker there is one machine, and nobody to keep a second copy for
        settings.put(
                StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG,
                env.kafka().config().replicationFactor() > 1 ? 1 : 0);
        settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 1);
        // a result is never held back for a job's sake, nor the other way round
        settings.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, -1L);
        // what is applied after a kill -9 a second time is at most this much
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000L);
        settings.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, ViewMemory.class);
        // Partitions are restored in rounds, and each round waits this long and for an open fetch:
        // on the defaults of 100 and 500 ms a warm start stood idle for most of a second.
        settings.put(StreamsConfig.POLL_MS_CONFIG, POLL_MS);
        settings.put(
                StreamsConfig.restoreConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG),
                POLL_MS);
        // changelogs hold what the topics of the view hold, and forget it as soon
        settings.put(
                StreamsConfig.topicPrefix(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG),
                String.valueOf(Topic.COMPACTION_LAG.toMillis()));
        // there is no global thread; unset, it is warned of at each start
        settings.put("processing.exception.handler.global.enabled", true);
        settings.putAll(consumer(directory, env));
        return settings;
    }

    private static Map<String, Object> consumer(Path directory, ServiceEnvironment env) {
        return Map.of(
                StreamsConfig.consumerPrefix(ConsumerConfig.ISOLATION_LEVEL_CONFIG),
                "read_committed",
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                6_000,
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                500,
                StreamsConfig.consumerPrefix(CommonClientConfigs.GROUP_INSTANCE_ID_CONFIG),
                InstanceName.in(directory, env.process()));
    }
}
