package io.millrace.ingress;

import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpService;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.batch.BatchLimits;
import io.millrace.ingress.batch.BatchRoom;
import io.millrace.ingress.control.BootKeys;
import io.millrace.ingress.control.ControlConfig;
import io.millrace.ingress.control.ControlView;
import io.millrace.ingress.control.ControlWriter;
import io.millrace.ingress.control.FileControl;
import io.millrace.ingress.files.FilesRoom;
import io.millrace.ingress.http.Bodies;
import io.millrace.ingress.http.Gate;
import io.millrace.ingress.http.Measured;
import io.millrace.ingress.http.ServerTls;
import io.millrace.ingress.http.SlowBodies;
import io.millrace.ingress.jobs.InferenceRoutes;
import io.millrace.ingress.jobs.JobDesk;
import io.millrace.ingress.jobs.JobEndings;
import io.millrace.ingress.jobs.JobRoutes;
import io.millrace.ingress.jobs.JobView;
import io.millrace.ingress.jobs.KeyForwarding;
import io.millrace.ingress.jobs.KeyRoutes;
import io.millrace.ingress.jobs.KeyedJobs;
import io.millrace.ingress.jobs.KeyedRecords;
import io.millrace.ingress.jobs.LiveJobs;
import io.millrace.ingress.jobs.ModelRoutes;
import io.millrace.ingress.jobs.PeerTransport;
import io.millrace.ingress.jobs.QueueDesk;
import io.millrace.ingress.jobs.QueuedWork;
import io.millrace.ingress.jobs.StreamsView;
import io.millrace.ingress.jobs.UsageRoutes;
import io.millrace.ingress.submission.Cancellation;
import io.millrace.ingress.submission.KafkaKeyLog;
import io.millrace.ingress.submission.KafkaLogWriter;
import io.millrace.ingress.submission.KeyedIds;
import io.millrace.ingress.submission.Submission;
import io.millrace.ingress.webhook.WebhookRoom;
import io.millrace.ingress.webhook.WebhooksConfig;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.IdFactory;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.config.Setting;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.Deployment;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import io.millrace.servicekit.lifecycle.StartedParts;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ingress: HTTP in, jobs and batches out.
 *
 * <pre>
 *   http → auth → admission → submission ─► requests, jobs
 *   jobs, results ─► job view ─► poll, wait; batch: expand, progress, output
 *   control ◄─ millrace.yaml
 * </pre>
 *
 * <p>The port is bound first and answers 503 until everything behind it is there.
 */
public final class IngressService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(IngressService.class);
    private static final String PART = "ingress";
    private static final Duration BODY_DEADLINE = Duration.ofSeconds(30);

    // a body is held about five times over while it is read, parsed and written
    private static final int BODIES_SHARE_OF_HEAP = 8;
    private static final int WAITING_A_MIB = 13;
    private static final Setting<URI> AGGREGATOR =
            Setting.url("url", "Address of the usage-aggregator")
                    .withDefault("http://127.0.0.1:8082");

    private final ServiceEnvironment env;
    private final IngressConfig config;
    private final StartedParts parts = new StartedParts();
    private final Clients clients;
    private final StreamsView view;
    private final LiveJobs live;
    private final Readiness readiness;
    private final BatchRoom batches;
    private final ControlWriter controlWriter;
    private final WebhookRoom webhooks;
    private final QueuedWork queued;
    private final KeyedJobs keyed;
    private final KeyedRecords records;
    private final WebServer server;

    /** What reads and writes Kafka and the registry. */
    private record Clients(
            Codecs codecs,
            Bound<Admin> admin,
            KafkaLogWriter log,
            ControlView control,
            BlobStore blobs) {}

    private IngressService(ServiceEnvironment env) {
        this.env = env;
        this.config = IngressConfig.from(env.config().section("ingress"));
        AuthConfig.from(env.config().section("auth"));
        this.clients = clients();
        IngressMeters meters = new IngressMeters(env.meters());
        this.view =
                parts.add(
                        new StreamsView(
                                env,
                                clients.codecs(),
                                new PeerTransport(
                                        config.advertised(0).getScheme(),
                                        config.tls().map(ServerTls::peers)),
                                maxWaiting(),
                                meters));
        this.readiness = new Readiness(view::state);
        this.live = parts.add(new LiveJobs(env, clients.codecs(), clients.control()));
        this.batches = parts.add(batches());
        this.controlWriter =
                new ControlWriter(
                        env.kafka(), clients.codecs().control(), env.process(), env.random());
        this.webhooks =
                parts.add(
                        new WebhookRoom(
                                env,
                                clients.codecs(),
                                clients.log(),
                                clients.control(),
                                controlWriter,
                                WebhooksConfig.from(env.config().section("webhooks"))));
        this.queued = new QueuedWork(batches::endedLines, env.clock());
        this.keyed = view.keyedJobs(KafkaKeyLog.on(env.kafka(), clients.codecs(), env.process()));
        this.records =
                view.keyedRecords(
                        KafkaKeyLog.records(env.kafka(), clients.codecs(), env.process()));
        this.server = open(meters);
        parts.add(server::stop);
        env.health().add(PART, readiness);
    }

    private Clients clients() {
        Codecs codecs = Codecs.on(env.kafka().registry());
        return new Clients(
                codecs,
                parts.add(env.kafka().admin(env.process() + "-ingress")),
                parts.add(new KafkaLogWriter(env.kafka(), codecs, env.process())),
                parts.add(new ControlView(env.kafka(), codecs.control(), env.process())),
                new DirectoryBlobStore(env.blobs()));
    }

    private BatchRoom batches() {
        return new BatchRoom(
                env,
                clients.codecs(),
                new Deployment(clients.admin().client()),
                clients.log(),
                clients.blobs(),
                new BatchLimits(
                        config.limits().batchLines(), Math.toIntExact(config.limits().bodyBytes())),
                clients.control(),
                view::view);
    }

    private WebServer open(IngressMeters meters) {
        Gate gate = new Gate(readiness::isOpen, env.internal(), env.random());
        return Door.open(
                config.bind(),
                env.port().orElse(config.port()),
                config.limits().connections(),
                config.tls(),
                Set.copyOf(config.corsOrigins()),
                gate,
                new Measured(meters),
                routes(meters));
    }

    private Map<String, HttpService> routes(IngressMeters meters) {
        Authentication authentication = new Authentication(clients.control(), env.clock());
        SlowBodies slow = parts.add(new SlowBodies(BODY_DEADLINE));
        Bodies bodies =
                new Bodies(
                        config.limits().bodyBytes(),
                        Runtime.getRuntime().maxMemory() / BODIES_SHARE_OF_HEAP,
                        slow);
        ClaimCheck claims = new ClaimCheck(clients.blobs());
        Slots slots = new Slots(env.kafka().config().slots());
        JobView jobs = view.view();
        QueueDesk queue =
                new QueueDesk(
                        clients.control(), queued, slots.count(), view::askOthers, env.clock());
        KeyForwarding forwarding = view.keyForwarding();
        KeyedIds keyedIds = new KeyedIds(env.internal(), slots);
        JobDesk desk =
                new JobDesk(
                        clients.control(),
                        new Submission(clients.log(), claims, slots),
                        jobs,
                        queue,
                        new JobDesk.Keys(keyedIds, keyed, forwarding),
                        webhooks.gate(),
                        meters,
                        env.clock(),
                        env.random());
        IdFactory ids = new IdFactory(env.random());
        FilesRoom files =
                parts.add(
                        new FilesRoom(
                                authentication,
                                jobs,
                                clients.log(),
                                clients.blobs(),
                                config.limits().batchFileBytes(),
                                ids,
                                keyedIds,
                                records,
                                env.meters(),
                                env.clock()));
        UsageRoutes usage =
                parts.add(
                        new UsageRoutes(
                                authentication,
                                env.internal(),
                                env.config().section("usage-aggregator").get(AGGREGATOR)));
        Map<String, HttpService> routes = new LinkedHashMap<>();
        routes.put(
                "/v1/jobs",
                new JobRoutes(
                        authentication,
                        bodies,
                        desk,
                        jobs,
                        claims,
                        new JobEndings(
                                jobs,
                                clients.log(),
                                new Cancellation(clients.log(), slots),
                                clients.blobs(),
                                env.clock()),
                        live,
                        live,
                        this::advertised,
                        env.clock()));
        routes.put(
                "",
                new InferenceRoutes(
                        authentication,
                        bodies,
                        desk,
                        jobs,
                        claims,
                        this::advertised,
                        config.limits().waiting()));
        routes.put("/v1/models", new ModelRoutes(authentication, clients.control()));
        routes.put("/v1/files", files.routes());
        routes.put(
                "/v1/batches",
                batches.routes(
                        authentication,
                        bodies,
                        jobs,
                        queue,
                        files.files(),
                        webhooks.gate(),
                        ids,
                        keyedIds,
                        records));
        routes.putAll(webhooks.routes(authentication, bodies, jobs));
        routes.put("/v1/organization", usage);
        routes.put("/internal/batches", batches.innerRoutes());
        routes.put(KeyRoutes.PATH, new KeyRoutes(authentication, bodies, desk, forwarding));
        routes.put(KeyedRecords.PATH, records.innerRoutes(bodies));
        routes.put("/internal/queued", queue.innerRoutes());
        routes.put("/internal/view", view.innerRoutes());
        return routes;
    }

    private void bringUp(BootKeys boot) {
        ControlConfig control = ControlConfig.from(env.config());
        readiness.step("applying the configuration");
        FileControl file = new FileControl(controlWriter, env.clock());
        Startup.together(
                clients.log()::warm,
                live::start,
                // the queue first: a batch that ends leaves it before its lines are forgotten
                () ->
                        view.start(
                                advertised(),
                                List.of(
                                        queued,
                                        keyed,
                                        records,
                                        batches.service(),
                                        webhooks.service())),
                () -> {
                    file.apply(control, boot);
                    clients.control().start();
                });
        readiness.open();
    }

    private URI advertised() {
        return config.advertised(server.port());
    }

    // A parked poll costs some 26 KB of heap: a third of it may be spent so.
    private int maxWaiting() {
        long heapMib = Runtime.getRuntime().maxMemory() / (1024 * 1024);
        return (int)
                Math.min(config.limits().connections(), Math.max(256, heapMib * WAITING_A_MIB));
    }

    /**
     * Starts it with no keys but those of the file.
     *
     * @throws io.millrace.servicekit.config.ConfigException when the configuration cannot be used
     */
    public static IngressService start(ServiceEnvironment env) {
        return start(env, BootKeys.NONE);
    }

    /**
     * Starts it with keys that the command generated, and returns once it can take requests; its
     * part of {@code env.health()} tells when the job view is restored too.
     *
     * @throws io.millrace.servicekit.config.ConfigException when the configuration cannot be used
     */
    public static IngressService start(ServiceEnvironment env, BootKeys boot) {
        IngressService service = new IngressService(env);
        try {
            service.bringUp(boot);
        } catch (RuntimeException e) {
            service.close();
            throw e;
        }
        LOG.atInfo().addKeyValue("port", service.port()).log("ingress started");
        return service;
    }

    /** Returns the port it listens on. */
    public int port() {
        return server.port();
    }

    /** Answers what waits, finishes what runs, and stops. */
    @Override
    public void close() {
        readiness.drain();
        view.drain();
        parts.close();
        env.health().remove(PART);
        LOG.atInfo().log("ingress stopped");
    }
}
