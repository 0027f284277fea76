package io.millrace.standalone.broker;

import io.millrace.standalone.process.LoopbackPort;
import io.millrace.standalone.process.PortTakenException;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;

/**
 * A Kafka broker with its controller inside this JVM, on 127.0.0.1.
 *
 * <p>It starts from what an earlier one left in its directory, be that one stopped or killed. When
 * the disk fails under it, Kafka ends the whole process.
 */
public final class EmbeddedBroker implements AutoCloseable {

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts the broker and returns once clients can connect.
     *
     * @throws PortTakenException if another process listens where this one should
     * @throws RefusedException if the directory cannot be written
     */
    public static EmbeddedBroker start(BrokerConfig config) {
        List<LoopbackPort> ports =
                LoopbackPort.claimed(List.of(config.port(), config.controllerPort()));
        LoopbackPort port = ports.getFirst();
        LoopbackPort controllerPort = ports.getLast();
        Path logs = config.directory().resolve("data");
        prepare(logs);
        Properties settings = new Properties();
        settings.putAll(BrokerSettings.of(logs, port.number(), controllerPort.number()));
        KafkaRaftServer server =
                new KafkaRaftServer(KafkaConfig.fromProps(settings, false), Time.SYSTEM);
        try {
            server.startup();
        } catch (Throwable e) {
            server.shutdown();
            throw startFailure(e, port);
        }
        return new EmbeddedBroker(server, port.number());
    }

    /** Where clients connect. */
    public String bootstrapServers() {
        return "127.0.0.1:" + port;
    }

    public int port() {
        return port;
    }

    /** Stops the broker; everything acknowledged is on disk. */
    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }

    private static void prepare(Path logs) {
        try {
            Files.createDirectories(logs);
            if (!Files.isWritable(logs)) {
                throw new RefusedException("broker directory " + logs + " cannot be written");
            }
        } catch (IOException e) {
            throw new RefusedException("broker directory " + logs + " cannot be made: " + e, e);
        }
        LogFormat.ensure(logs);
    }

    /** Scala code throws checked exceptions without declaring them, so any may come. */
    private static RuntimeException startFailure(Throwable e, LoopbackPort port) {
        if (isBindFailure(e)) {
            return new PortTakenException(port.number(), port.flag());
        }
        return new IllegalStateException("the embedded broker did not start: " + e, e);
    }

    private static boolean isBindFailure(Throwable e) {
        Throwable cause = e.getCause();
        return e instanceof BindException || (cause != null && isBindFailure(cause));
    }
}
