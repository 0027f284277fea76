package io.millrace.standalone.broker;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** The settings of a Kafka node that is alone, small, and restarted often. */
final class BrokerSettings {

    /** The node's id; there is only one. */
    static final int NODE_ID = 1;

    static final String CONTROLLER_LISTENER = "CONTROLLER";

    private BrokerSettings() {}

    /** All of them, for a node whose ports are known. */
    static Map<String, String> of(Path logs, int port, int controllerPort) {
        Map<String, String> settings = new HashMap<>();
        settings.putAll(node(logs, port, controllerPort));
        settings.putAll(soleReplica());
        settings.putAll(quickRestart());
        settings.putAll(memory());
        settings.putAll(retention());
        return settings;
    }

    private static Map<String, String> node(Path logs, int port, int controllerPort) {
        String client = "PLAINTEXT://127.0.0.1:" + port;
        return Map.of(
                "process.roles",
                "broker,controller",
                "node.id",
                Integer.toString(NODE_ID),
                "listeners",
                client + ",CONTROLLER://127.0.0.1:" + controllerPort,
                "advertised.listeners",
                client,
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
                "controller.listener.names",
                CONTROLLER_LISTENER,
                "inter.broker.listener.name",
                "PLAINTEXT",
                "controller.quorum.voters",
                NODE_ID + "@127.0.0.1:" + controllerPort,
                "log.dirs",
                logs.toString(),
                // a topic that nobody made on purpose has the wrong partitions
                "auto.create.topics.enable",
                "false");
    }

    /** Internal topics with the one replica there is, and few partitions: each costs start time. */
    private static Map<String, String> soleReplica() {
        return Map.of(
                "offsets.topic.replication.factor", "1",
                "offsets.topic.num.partitions", "4",
                "transaction.state.log.replication.factor", "1",
                "transaction.state.log.min.isr", "1",
                "transaction.state.log.num.partitions", "4",
                "share.coordinator.state.topic.replication.factor", "1",
                "share.coordinator.state.topic.min.isr", "1",
                "share.coordinator.state.topic.num.partitions", "4");
    }

    private static Map<String, String> quickRestart() {
        Map<String, String> settings = new HashMap<>();
        // after a kill -9 the node's old session must end before the new one may begin:
        // 3.7 s to the first record with these, 12 s with the defaults of 9 s and 2 s
        settings.put("broker.session.timeout.ms", "1500");
        settings.put("broker.heartbeat.interval.ms", "300");
        // some thousand beans that nobody reads: a second of CPU on the way up
        settings.put("metric.reporters", "");
        settings.put("metrics.jmx.exclude", ".*");
        settings.put("group.initial.rebalance.delay.ms", "0");
        settings.put("group.streams.initial.rebalance.delay.ms", "0");
        // how late a transaction that its producer left open is aborted; the default adds 10 s
        settings.put("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");
        // an unclean stop makes the next start read every active segment
        settings.put("log.segment.bytes", mebibytes(128));
        return settings;
    }

    private static Map<String, String> memory() {
        Map<String, String> settings = new HashMap<>();
        settings.put("num.network.threads", "2");
        settings.put("num.io.threads", "4");
        settings.put("background.threads", "2");
        settings.put("group.coordinator.threads", "1");
        settings.put("group.coordinator.background.threads", "1");
        // 128 MiB by default, taken at start
        settings.put("log.cleaner.dedupe.buffer.size", mebibytes(8));
        // two a partition, mapped; enough for a segment of log.segment.bytes
        settings.put("log.index.size.max.bytes", mebibytes(1));
        // by default the controller writes to its log twice a second for nothing
        settings.put("metadata.max.idle.interval.ms", millis(Duration.ofSeconds(5)));
        return settings;
    }

    private static Map<String, String> retention() {
        return Map.of(
                // a group that stood still with the services must not start over: the aggregator
                // would count twice. As long as usage is kept
                "offsets.retention.minutes", Long.toString(Duration.ofDays(400).toMinutes()),
                // every start of a dispatcher takes a transactional id of its own
                "transactional.id.expiration.ms", millis(Duration.ofDays(1)));
    }

    private static String millis(Duration duration) {
        return Long.toString(duration.toMillis());
    }

    private static String mebibytes(int count) {
        return Integer.toString(count * 1024 * 1024);
    }
}
