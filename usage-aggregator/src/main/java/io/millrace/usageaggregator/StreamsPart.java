package io.millrace.usageaggregator;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.millrace.servicekit.admin.Health;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka Streams as it runs, with its meters and health. */
final class StreamsPart implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StreamsPart.class);
    private static final Duration STOP = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final KafkaStreams streams;
    private final KafkaStreamsMetrics metrics;

    private StreamsPart(KafkaStreams streams, KafkaStreamsMetrics metrics) {
        this.streams = streams;
        this.metrics = metrics;
    }

    /** Starts it; it is ready some time later. */
    static StreamsPart start(Topology topology, Properties settings, MeterRegistry meters) {
        KafkaStreams streams = new KafkaStreams(topology, settings);
        streams.setUncaughtExceptionHandler(StreamsPart::afterFailure);
        KafkaStreamsMetrics metrics = new KafkaStreamsMetrics(streams);
        metrics.bindTo(meters);
        streams.start();
        return new StreamsPart(streams, metrics);
    }

    KafkaStreams streams() {
        return streams;
    }

    Health.State health() {
        return switch (streams.state()) {
            case RUNNING -> new Health.State.Ready();
            case CREATED, REBALANCING -> new Health.State.Waiting("restoring");
            case PENDING_SHUTDOWN, NOT_RUNNING -> new Health.State.Waiting("stopping");
            case PENDING_ERROR, ERROR -> new Health.State.Broken("Kafka Streams has failed");
        };
    }

    @Override
    public void close() {
        metrics.close();
        // Its place in the group is kept for its next start, and given away after the session.
        boolean stopped =
                streams.close(
                        CloseOptions.groupMembershipOperation(
                                        CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP)
                                .withTimeout(STOP));
        if (!stopped) {
            LOG.atWarn().log("Kafka Streams did not stop in time");
        }
    }

    /*
     * Kafka or the registry was away for longer than the clients bear, or this instance was thrown
     * out of the group. All of it passes, and a transaction that was open is void: a new thread
     * begins where the last one committed. The pause keeps a lasting failure from spinning.
     */
    private static StreamThreadExceptionResponse afterFailure(Throwable failure) {
        LOG.atError().setCause(failure).log("a stream thread failed and is replaced");
        LockSupport.parkNanos(PAUSE.toNanos());
        return StreamThreadExceptionResponse.REPLACE_THREAD;
    }
}
