package io.millrace.usageaggregator;

import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.admin.Health;
import io.millrace.servicekit.kafka.KafkaConfig;
import io.millrace.servicekit.lifecycle.InstanceName;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import io.millrace.servicekit.lifecycle.StartedParts;
import io.millrace.usageaggregator.query.QueryServer;
import io.millrace.usageaggregator.usage.LateCube;
import io.millrace.usageaggregator.usage.StreamsCube;
import io.millrace.usageaggregator.usage.UsageTopology;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.streams.state.HostInfo;

/**
 * The usage-aggregator: sums what was used and spent, and says so over HTTP.
 *
 * <pre>
 *   listener ─► Kafka Streams ─► ready when its stores are restored
 * </pre>
 *
 * <p>A bill is in the figures as soon as it is read, which is one fetch after its settlement was
 * committed: whoever has just seen a result may be a moment ahead of its figures.
 */
public final class UsageAggregatorService implements AutoCloseable {

    private static final String PART = "usage-aggregator";

    private final StartedParts parts;
    private final int port;

    private UsageAggregatorService(StartedParts parts, int port) {
        this.parts = parts;
        this.port = port;
    }

    /**
     * Starts it. Its part of the health is ready once all its figures can be asked for.
     *
     * @throws io.millrace.servicekit.config.ConfigException when its section is wrong
     */
    public static UsageAggregatorService start(ServiceEnvironment env) {
        UsageAggregatorConfig config = UsageAggregatorConfig.from(env.config().section(PART));
        StartedParts parts = new StartedParts();
        try {
            return new UsageAggregatorService(parts, start(env, config, parts));
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /** Returns the port of the inner listener. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        parts.close();
    }

    private static int start(
            ServiceEnvironment env, UsageAggregatorConfig config, StartedParts parts) {
        env.health().add(PART, () -> new Health.State.Waiting("starting"));
        parts.add(() -> env.health().remove(PART));
        UsageAggregatorMeters meters = new UsageAggregatorMeters(env.meters());
        LateCube cube = new LateCube();
        QueryServer server =
                parts.add(
                        QueryServer.start(
                                config.bind(),
                                env.port().orElse(config.port()),
                                env.internal(),
                                cube,
                                meters,
                                env.clock()));
        HostInfo self = new HostInfo(config.url().getHost(), server.port());
        StreamsPart streams = streams(env, config, meters, self, parts);
        KafkaConfig kafka = env.kafka().config();
        cube.arrive(new StreamsCube(streams.streams(), self, new Slots(kafka.slots())));
        env.health().add(PART, streams::health);
        return server.port();
    }

    private static StreamsPart streams(
            ServiceEnvironment env,
            UsageAggregatorConfig config,
            UsageAggregatorMeters meters,
            HostInfo self,
            StartedParts parts) {
        Path directory = env.data().resolve(PART);
        RocksDbMemory memory = parts.add(new RocksDbMemory());
        Properties settings =
                StreamsSettings.of(
                        env.kafka(),
                        directory,
                        InstanceName.in(directory, env.process()),
                        self,
                        memory);
        return parts.add(
                StreamsPart.start(
                        UsageTopology.of(
                                Codecs.on(env.kafka().registry()), config.retention(), meters),
                        settings,
                        env.meters()));
    }
}
