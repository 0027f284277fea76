package io.millrace.dispatcher;

import io.millrace.dispatcher.execution.Execution;
import io.millrace.dispatcher.execution.Executions;
import io.millrace.dispatcher.intake.Acceptances;
import io.millrace.dispatcher.intake.Announcements;
import io.millrace.dispatcher.intake.ControlIntake;
import io.millrace.dispatcher.intake.DoorTopics;
import io.millrace.dispatcher.intake.Intake;
import io.millrace.dispatcher.intake.KafkaDoor;
import io.millrace.dispatcher.provider.dialect.Providers;
import io.millrace.dispatcher.routing.SlotShare;
import io.millrace.dispatcher.settlement.Deletion;
import io.millrace.dispatcher.settlement.Lease;
import io.millrace.dispatcher.settlement.LedgerReader;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlements;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.blob.DirectoryBlobStore;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.kafka.KafkaClients;
import io.millrace.servicekit.kafka.KafkaConfig;
import io.millrace.servicekit.lifecycle.InstanceName;
import io.millrace.servicekit.lifecycle.ServiceEnvironment;
import io.millrace.servicekit.lifecycle.StartedParts;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dispatcher.
 *
 * <pre>
 *   control ─► catalogue ───────────────┐
 *   requests, lanes ─► Intake ─► Execution ─► providers
 *                        │           │
 *                        └───────────┴─► Settlements ─► results, usage, waste, slot-ledger, …
 * </pre>
 */
public final class DispatcherService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DispatcherService.class);
    private static final long LOOK_NANOS = Duration.ofMillis(20).toNanos();

    private static final Duration DELETE_EVERY = Duration.ofSeconds(30);
    private static final long DELETE_LEAST = 1_000;

    // the group expels a member that is silent for 6 s
    private static final Duration TRUST = Duration.ofSeconds(5);

    private final StartedParts parts;
    private final DispatcherConfig config;
    private final Execution execution;
    private final Settlements settlements;
    private final Intake intake;
    private final InstantSource clock;
    private final int slots;

    private DispatcherService(ServiceEnvironment env, StartedParts parts) {
        this.parts = parts;
        this.config = DispatcherConfig.from(env.config().section("dispatcher"));
        KafkaClients kafka = env.kafka();
        KafkaConfig cluster = kafka.config();
        this.clock = env.clock();
        this.slots = cluster.slots();
        String process = env.process();
        String instance = InstanceName.in(env.data().resolve("dispatcher"), process);
        Admin admin = parts.add(kafka.admin(process + "-admin")).client();
        Codecs codecs = Codecs.on(env.kafka().registry());

        ControlIntake control = control(env, admin, codecs);
        DispatcherMeters meters = new DispatcherMeters(env.meters());
        Ownership ownership = new Ownership(new Lease(System::nanoTime, TRUST));
        LedgerReader ledger = new LedgerReader(kafka, admin, codecs, Intake.GROUP, process);
        KafkaDoor door =
                parts.add(
                        KafkaDoor.start(
                                control::catalogue,
                                ownership,
                                new DoorTopics(
                                        admin, kafka.registry(), cluster.replicationFactor()),
                                new Slots(cluster.slots())));
        this.settlements =
                parts.add(
                        Settlements.start(
                                ownership,
                                codecs,
                                new Slots(cluster.slots()),
                                door::delivers,
                                () ->
                                        kafka.transactionalProducer(
                                                process + "-settlement",
                                                Intake.TRANSACTIONAL_PREFIX + instance),
                                ledger,
                                meters,
                                this::lost,
                                env.clock()));
        Producer<byte[], byte[]> journal =
                parts.add(kafka.producer(process + "-attempts")).client();
        this.execution =
                parts.add(
                        new Executions(
                                        control::catalogue,
                                        providers(env)::open,
                                        journal,
                                        settlements::settle,
                                        codecs,
                                        new ClaimCheck(new DirectoryBlobStore(env.blobs())),
                                        meters,
                                        env.clock(),
                                        process,
                                        new SlotShare(
                                                () -> ownership.slots().size(), cluster.slots()),
                                        RandomGenerator.getDefault(),
                                        config.inFlight(),
                                        config.maxAttempts())
                                .start());
        this.intake =
                parts.add(
                        new Intake(
                                kafka,
                                admin,
                                codecs,
                                process,
                                instance,
                                ownership,
                                ledger,
                                meters::fencedTheDead,
                                door,
                                new Acceptances(journal, codecs.jobs(), execution::accept),
                                execution::pace,
                                execution::cancel,
                                settlements::settle,
                                execution.adoptions(),
                                env.clock()));
        meters.quota(execution::waiting, execution::reservations);
        parts.add(Deletion.start(ownership, admin, DELETE_EVERY, DELETE_LEAST));
        DispatcherPage page = new DispatcherPage(process, ownership, execution, settlements);
        env.pages().add("dispatchers", page::json);
        env.pages().addInner("jobs", new StandingPage(execution)::json);
        env.pages()
                .addInner(
                        "rates",
                        new RatesPage(ownership, new Slots(cluster.slots()), execution)::json);
        parts.add(
                Announcements.start(
                        ownership,
                        journal,
                        codecs.capacity(),
                        process,
                        config.advertised(env.adminPort()),
                        env.clock()));
        meters.gauges(execution::inFlight, settlements::unsettled, () -> ownership.slots().size());
        intake.start();
        env.health().add("dispatcher", intake::state);
        env.health().add("settlement", settlements::state);
    }

    /** Starts it; readiness follows when the group has accepted it. */
    public static DispatcherService start(ServiceEnvironment env) {
        StartedParts parts = new StartedParts();
        try {
            return new DispatcherService(env, parts);
        } catch (RuntimeException e) {
            parts.close();
            throw e;
        }
    }

    /**
     * Starts no further call, and lets running ones end for the configured time. Where there are
     * peers it leaves the group at once, so that the slots go on, and hands over what comes of the
     * calls; alone it settles that itself and leaves last.
     */
    @Override
    public void close() {
        execution.drain();
        execution.announceDrain(slots, clock.instant().plus(config.drain()));
        boolean peers = intake.hasPeers();
        if (peers) {
            intake.leave();
        }
        LOG.atInfo()
                .addKeyValue("calls", execution.inFlight())
                .addKeyValue("peers", peers)
                .log("dispatcher drains");
        long end = System.nanoTime() + config.drain().toNanos();
        while (busy() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        LOG.atInfo().addKeyValue("abandoned", execution.inFlight()).log("dispatcher drained");
        parts.close();
    }

    private int busy() {
        return execution.inFlight() + settlements.unsettled() + execution.handingOver();
    }

    // the settlement thread starts first, and has nothing to lose before there is an execution
    private void lost(Settlement settlement) {
        execution.lost(settlement);
    }

    private Providers providers(ServiceEnvironment env) {
        return parts.add(
                new Providers(
                        env.data().resolve("models"),
                        env.config().environment(),
                        new OwnKeys(env.config()),
                        env.clock()));
    }

    private ControlIntake control(ServiceEnvironment env, Admin admin, Codecs codecs) {
        var consumer = parts.add(env.kafka().consumer(env.process() + "-control", Map.of()));
        ControlIntake control = new ControlIntake(consumer.client(), codecs.control());
        control.readToEnd(admin);
        Thread thread = Thread.ofPlatform().name("control-intake").start(control::run);
        parts.add(() -> {
            control.stop();
            thread.join();
        });
        return control;
    }
}
