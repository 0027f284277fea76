package io.millrace.dispatcher.intake;

import io.millrace.dispatcher.execution.Adoptions;
import io.millrace.dispatcher.execution.Job;
import io.millrace.dispatcher.execution.Pace;
import io.millrace.dispatcher.settlement.Backlog;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.SlotStates;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.id.InboxJobIds;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.serde.Codecs;
import io.millrace.servicekit.admin.Health.State;
import io.millrace.servicekit.kafka.Bound;
import io.millrace.servicekit.kafka.Deployment;
import io.millrace.servicekit.kafka.KafkaClients;
import io.millrace.servicekit.kafka.ReadToEnd;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.CloseOptions.GroupMembershipOperation;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All work that a dispatcher reads: the slots it is given, and the lanes of their tenants.
 *
 * <pre>
 *   requests ───────► SlotsIntake ─┐     the group gives and takes slots: Takeover, Ownership
 *   lanes, retries ─► LanesIntake ─┴─► Reception ─► jobs, or settled at once
 *   inboxes ────────►      "             those of tenants for whom the KafkaDoor is open
 *   lanes ──────────► LaneSweep ─────► what expires, or is cancelled, before it is read
 *   handoffs ───────► HandoffsIntake ─► Adoptions: what came of calls that others made
 * </pre>
 */
public final class Intake implements AutoCloseable {

    /** The group that shares the slots out. */
    public static final String GROUP = "millrace-dispatcher";

    /** What the transactional ids of dispatchers begin with; the instance's name follows. */
    public static final String TRANSACTIONAL_PREFIX = "millrace-dispatcher-";

    private static final Logger LOG = LoggerFactory.getLogger(Intake.class);
    // what is beyond a tenant's look-ahead moves on: only what may not move comes near this
    private static final Backlog SLOT_BOUND = new Backlog(16 * 1024, 64 << 20);
    private static final int LANE_FETCH_BYTES = 64 * 1024;
    private static final int SWEEP_FETCH_BYTES = 1024 * 1024;

    private final Bound<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> slotsConsumer;
    private final Bound<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>> lanesConsumer;
    private final List<Bound<org.apache.kafka.clients.consumer.Consumer<byte[], byte[]>>> others =
            new ArrayList<>();
    private final Liveness liveness;
    private final SlotsIntake slotsIntake;
    private final LanesIntake lanesIntake;
    private final LaneSweep sweep;
    private final HandoffsIntake handoffsIntake;
    private final List<Thread> threads = new ArrayList<>();
    private volatile Optional<String> broken = Optional.empty();
    private boolean left;

    /**
     * Makes the consumers of a process.
     *
     * @param instance name that all starts of this dispatcher share
     * @param fences is told how many producers of the dead were fenced
     * @param door says which inboxes are read
     * @param jobs takes each job that is read
     * @param paces returns how fast a tenant's jobs start
     * @param cancels takes each wish that a job or a batch ends
     * @param settlements takes what is settled without a call
     * @param adoptions waits for what comes of calls that other owners made
     */
    public Intake(
            KafkaClients kafka,
            Admin admin,
            Codecs codecs,
            String process,
            String instance,
            Ownership ownership,
            SlotStates ledger,
            IntConsumer fences,
            KafkaDoor door,
            Consumer<Job> jobs,
            Function<TenantId, Pace> paces,
            BiConsumer<OwnedSlot, Cancel> cancels,
            Consumer<Settlement> settlements,
            Adoptions adoptions,
            InstantSource clock) {
        Slots slots = new Slots(kafka.config().slots());
        WaitTopics waitTopics =
                new WaitTopics(new Deployment(admin), kafka.config().replicationFactor());
        Refill refill = new Refill(System::nanoTime);
        Depths depths = new Depths(paces, refill);
        Reception reception =
                new Reception(
                        new RecordReader(codecs.slotRecords(), slots),
                        new InboxReader(codecs.inboxes(), new InboxJobIds(slots), clock),
                        new LookAhead(depths::of, waitTopics::exists),
                        jobs,
                        cancels,
                        settlements,
                        clock);
        Takeover takeover =
                new Takeover(
                        new ClusterProducers(admin, GROUP, TRANSACTIONAL_PREFIX),
                        TRANSACTIONAL_PREFIX + instance,
                        ledger,
                        fences);
        this.slotsConsumer = kafka.consumer(process, slotSettings(instance));
        this.lanesConsumer =
                kafka.consumer(
                        process + "-lanes",
                        Map.of(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, LANE_FETCH_BYTES));
        this.slotsIntake =
                new SlotsIntake(
                        slotsConsumer.client(),
                        ownership,
                        takeover,
                        reception,
                        adoptions,
                        new Backpressure(_ -> SLOT_BOUND));
        this.lanesIntake =
                new LanesIntake(
                        lanesConsumer.client(),
                        ownership,
                        reception,
                        new Backpressure(depths::of),
                        refill,
                        new IdleLanes(System::nanoTime, IdleLanes.PATIENCE),
                        door::isOpen,
                        System::nanoTime);
        this.sweep =
                new LaneSweep(
                        other(
                                kafka,
                                process + "-sweep",
                                Map.of(
                                        ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                                        SWEEP_FETCH_BYTES)),
                        ownership,
                        reception,
                        depths::of,
                        clock);
        this.liveness =
                new Liveness(
                        admin,
                        GROUP,
                        process,
                        codecs.attempts(),
                        other(kafka, process + "-drains"));
        this.handoffsIntake =
                new HandoffsIntake(
                        other(kafka, process + "-handoffs"),
                        partitions -> ReadToEnd.settledEnds(admin, partitions),
                        liveness,
                        adoptions,
                        codecs.handoffs(),
                        clock,
                        System::nanoTime);
    }

    /** Starts reading. */
    public void start() {
        threads.add(thread("slots-intake", slotsIntake::run));
        threads.add(thread("lanes-intake", lanesIntake::run));
        threads.add(thread("handoffs-intake", handoffsIntake::run));
        threads.add(thread("lane-sweep", sweep::run));
    }

    /** Returns whether the group has accepted this process, and it reads. */
    public State state() {
        if (broken.isPresent()) {
            return new State.Broken(broken.get());
        }
        return slotsIntake.joined() ? new State.Ready() : new State.Waiting("joining the group");
    }

    /** Returns whether the group has another member, to whom the slots would go. */
    public boolean hasPeers() {
        try {
            return liveness.members().size() > 1;
        } catch (KafkaException e) {
            LOG.atWarn().setCause(e).log("peers are not known");
            return false;
        }
    }

    /** Leaves the group; slots go to others, if there are any. */
    public void leave() {
        if (left) {
            return;
        }
        left = true;
        slotsIntake.stop();
        lanesIntake.stop();
        handoffsIntake.stop();
        sweep.stop();
        for (Thread thread : threads) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(10));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        // a static member stays in the group unless it says that it leaves
        slotsConsumer
                .client()
                .close(CloseOptions.groupMembershipOperation(GroupMembershipOperation.LEAVE_GROUP));
    }

    @Override
    public void close() {
        leave();
        slotsConsumer.close();
        lanesConsumer.close();
        others.forEach(Bound::close);
    }

    private org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> other(
            KafkaClients kafka, String name) {
        return other(kafka, name, Map.of());
    }

    private org.apache.kafka.clients.consumer.Consumer<byte[], byte[]> other(
            KafkaClients kafka, String name, Map<String, Object> settings) {
        var made = kafka.consumer(name, settings);
        others.add(made);
        return made.client();
    }

    private Thread thread(String name, Runnable work) {
        return Thread.ofPlatform()
                .name(name)
                .start(() -> {
                    try {
                        work.run();
                    } catch (RuntimeException e) {
                        broken = Optional.of(name + " ended: " + e.getMessage());
                        LOG.atError().addKeyValue("thread", name).setCause(e).log("intake");
                    }
                });
    }

    private static Map<String, Object> slotSettings(String instance) {
        return Map.of(
                ConsumerConfig.GROUP_ID_CONFIG,
                GROUP,
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
                instance,
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                "classic",
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName(),
                ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
                6_000,
                ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
                500,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                1_000);
    }
}
