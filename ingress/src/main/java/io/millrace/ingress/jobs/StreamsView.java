package io.millrace.ingress.jobs;

import io.helidon.webserver.http.HttpService;
import io.micrometer.core.instrument.binder.kafka.KafkaStreamsMetrics;
import io.millrace.ingress.submission.KeyLog;
import io.millrace.ingress.submission.RecordLog;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.ViewPartition;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.admin.Health;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyQueryMetadata;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The job view on Kafka Streams: its life, and the parts that answer for it. */
public final class StreamsView implements AutoCloseable, ViewOwners {

    /** Group of the view and prefix of its own topics. */
    static final String APPLICATION = "millrace-ingress-view";

    private static final Logger LOG = LoggerFactory.getLogger(StreamsView.class);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final ServiceEnvironment env;
    private final Codecs codecs;
    private final HeldPartitions held = new HeldPartitions();
    private final Waiters waiters;
    private final ViewSignals signals;
    private final KafkaPartitionEnd end;
    private final LocalView local;
    private final ViewWire wire;
    private final HttpPeers peers;
    private final SharedView shared;

    private volatile @Nullable KafkaStreams streams;
    private volatile @Nullable KafkaStreamsMetrics metrics;
    private volatile @Nullable HostInfo self;

    /**
     * Makes the view, which holds nothing before it is started.
     *
     * @param transport how other ingresses are asked
     * @param maxWaiting how many requests may wait for news at the same time
     */
    public StreamsView(
            ServiceEnvironment env,
            Codecs codecs,
            PeerTransport transport,
            int maxWaiting,
            ViewMeters meters) {
        this.env = env;
        this.codecs = codecs;
        this.waiters = new Waiters(maxWaiting);
        meters.bind(waiters::waiting, () -> held.numbers().size());
        this.signals = new ViewSignals(waiters, meters.delay(), meters.undecodable(), env.clock());
        this.end = new KafkaPartitionEnd(env.kafka(), env.process(), APPLICATION);
        this.local = new LocalView(held, codecs, end, waiters, env.clock(), LocalView.NEWS);
        this.wire = new ViewWire(codecs);
        this.peers = new HttpPeers(this, transport, env.internal());
        this.shared =
                new SharedView(
                        held,
                        local,
                        peers,
                        wire,
                        new Slots(env.kafka().config().slots()),
                        env.clock(),
                        env.random());
    }

    /** Returns the questions that can be asked. */
    public JobView view() {
        return shared;
    }

    /**
     * Asks all other ingresses on an inner route.
     *
     * @throws io.millrace.ingress.http.UnavailableException when one does not answer
     */
    public List<byte[]> askOthers(String pathAndQuery) {
        return peers.askOthers(pathAndQuery);
    }

    /** Returns the owners of idempotency keys, which extend the view; logs are opened by that. */
    public KeyedJobs keyedJobs(KeyLog.Opener opener) {
        return new KeyedJobs(local, opener);
    }

    /** Returns what keeps keyed records of batches and files, to be added to the extensions. */
    public KeyedRecords keyedRecords(RecordLog.Opener opener) {
        return new KeyedRecords(local, opener, peers, codecs.jobs());
    }

    /** Returns what hands wishes to the owners of their keys. */
    public KeyForwarding keyForwarding() {
        return new KeyForwarding(peers, codecs);
    }

    /** Returns the inner routes that other ingresses ask on. */
    public HttpService innerRoutes() {
        return new ViewRoutes(local, wire);
    }

    /**
     * Begins to read; {@link #state} tells when all partitions are restored.
     *
     * @param advertised where other ingresses reach this one
     */
    public void start(URI advertised, List<ViewExtension> extensions) {
        HostInfo here = new HostInfo(advertised.getHost(), port(advertised));
        self = here;
        KafkaStreams made =
                new KafkaStreams(
                        ViewTopology.of(codecs, extensions, held, signals),
                        ViewSettings.of(env, here));
        made.setUncaughtExceptionHandler(error -> {
            LOG.atError().setCause(error).log("the job view's thread failed and is replaced");
            return StreamThreadExceptionResponse.REPLACE_THREAD;
        });
        KafkaStreamsMetrics bound = new KafkaStreamsMetrics(made);
        bound.bindTo(env.meters());
        streams = made;
        metrics = bound;
        made.start();
    }

    /** Returns whether all partitions of this process are restored. */
    public Health.State state() {
        KafkaStreams running = streams;
        if (running == null) {
            return new Health.State.Waiting("not started");
        }
        KafkaStreams.State state = running.state();
        return switch (state) {
            case RUNNING -> new Health.State.Ready();
            case CREATED, REBALANCING -> new Health.State.Waiting("job view " + state);
            case PENDING_SHUTDOWN, NOT_RUNNING -> new Health.State.Waiting("stopping");
            case PENDING_ERROR, ERROR -> new Health.State.Broken("job view " + state);
        };
    }

    /** Lets nobody wait any more: parked requests are answered with what is known. */
    public void drain() {
        waiters.close();
    }

    @Override
    public void close() {
        drain();
        peers.close();
        KafkaStreams running = streams;
        if (running != null) {
            // leaving hands the partitions over at once instead of after the session timeout
            running.close(
                    CloseOptions.groupMembershipOperation(
                                    CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                            .withTimeout(STOP));
        }
        KafkaStreamsMetrics bound = metrics;
        if (bound != null) {
            bound.close();
        }
        end.close();
    }

    @Override
    public Optional<HostInfo> owner(ViewPartition partition) {
        KafkaStreams running = streams;
        if (running == null) {
            return Optional.empty();
        }
        KeyQueryMetadata metadata = metadata(running, partition);
        HostInfo active = metadata.activeHost();
        return KeyQueryMetadata.NOT_AVAILABLE.equals(metadata)
                        || HostInfo.unavailable().equals(active)
                        || active.equals(self)
                ? Optional.empty()
                : Optional.of(active);
    }

    @Override
    public List<HostInfo> others() {
        KafkaStreams running = streams;
        if (running == null) {
            return List.of();
        }
        return running.metadataForAllStreamsClients().stream()
                .filter(client -> !client.stateStoreNames().isEmpty())
                .map(client -> client.hostInfo())
                .filter(host -> !host.equals(self) && !HostInfo.unavailable().equals(host))
                .distinct()
                .toList();
    }

    private static KeyQueryMetadata metadata(KafkaStreams running, ViewPartition partition) {
        try {
            return running.queryMetadataForKey(
                    ViewTopology.JOBS,
                    "",
                    (_, _, _, _) -> Optional.of(java.util.Set.of(partition.number())));
        } catch (IllegalStateException e) {
            LOG.atDebug().setCause(e).log("owners of the view are not known");
            return KeyQueryMetadata.NOT_AVAILABLE;
        }
    }

    private static int port(URI url) {
        if (url.getPort() >= 0) {
            return url.getPort();
        }
        return "https".equals(url.getScheme()) ? 443 : 80;
    }
}
