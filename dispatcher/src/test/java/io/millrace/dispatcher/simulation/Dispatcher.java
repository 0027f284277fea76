package io.millrace.dispatcher.simulation;

import io.millrace.dispatcher.execution.Execution;
import io.millrace.dispatcher.execution.ExecutionSeam;
import io.millrace.dispatcher.intake.IntakeSeam;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.settlement.Lease;
import io.millrace.dispatcher.settlement.Ownership;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.SettlementSeam;
import io.millrace.dispatcher.settlement.SlotState;
import io.millrace.dispatcher.settlement.SlotStates;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.topic.Topic;
import io.millrace.servicekit.kafka.Bound;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;

/** One start of a dispatcher: the real rooms, and played threads that drive them. */
final class Dispatcher extends Kernel.Host {

    private static final Duration TRUST = Duration.ofSeconds(5);
    private static final Duration DRAIN = Duration.ofSeconds(20);
    private static final Duration BACKOFF = Duration.ofMillis(20);
    private static final String PREFIX = "tx-";

    private final World world;
    private final Kernel kernel;
    private final String instance;
    private final Ownership ownership;
    private final Execution execution;
    private final SlotsConsumer slots;
    private final IntakeSeam intake;
    private final UnaryOperator<List<Settlement>> writer;
    private final Deque<Settlement> queue = new ArrayDeque<>();
    private final SlotStates ledger;
    private final HandoffsReader handoffs;
    private List<SlotState> early = List.of();
    private int unsettled;
    private int journalling;
    private boolean failedBefore;
    private boolean gone;
    private boolean slow;
    private boolean draining;
    private boolean leaving;
    private boolean left;

    Dispatcher(World world, String instance, int start) {
        super(instance + "-" + start);
        this.world = world;
        this.kernel = world.kernel();
        this.instance = instance;
        Lease lease =
                world.bug() == Bug.TRUST_WITHOUT_END
                        ? SettlementSeam.endlessLease()
                        : new Lease(kernel::nanos, TRUST);
        this.ownership = new Ownership(lease);
        this.ledger = new LedgerOfSlots(world);
        this.writer =
                SettlementSeam.writer(
                        ownership,
                        world.codecs(),
                        world.slots(),
                        () ->
                                new Bound<>(
                                        new SimulatedProducer(world, PREFIX + instance), () -> {}),
                        world.bug() == Bug.FORGET_TO_ASK_AFTER_A_LOST_ACK ? _ -> List.of() : ledger,
                        this::lost);
        this.execution =
                ExecutionSeam.execution(
                        world::catalogue,
                        this::call,
                        new Written(),
                        this::settle,
                        new Paced(),
                        world::now,
                        kernel.random,
                        name(),
                        world.bug().plant());
        this.slots = new SlotsConsumer(world, this, instance, ownership);
        this.intake =
                IntakeSeam.of(
                        slots,
                        new SimulatedConsumer(world),
                        new SimulatedConsumer(world),
                        new Fencing(),
                        PREFIX + instance,
                        ownership,
                        this::stateAtTakeover,
                        world.codecs(),
                        world.slots(),
                        execution,
                        this::settle,
                        world::now);
        this.handoffs = new HandoffsReader(world, name(), this::wasMember, execution.adoptions());
        slots.listen(intake.listener());
    }

    void start() {
        kernel.trace(name() + " starts");
        kernel.spawn(this, "slots", this::readSlots);
        kernel.spawn(this, "lanes", this::readLanes);
        kernel.spawn(this, "sweep", this::sweep);
        kernel.spawn(this, "handoffs", this::readHandoffs);
        kernel.spawn(this, "settlement", this::settleAll);
    }

    String instance() {
        return instance;
    }

    /** Ends it in the order of the real one. */
    void drain() {
        if (draining) {
            return;
        }
        draining = true;
        kernel.spawn(
                this,
                "drain",
                () -> {
                    execution.drain();
                    kernel.await(() -> journalling == 0);
                    if (world.bug() != Bug.FORGET_THE_DRAIN) {
                        execution.announceDrain(world.slots().count(), world.now().plus(DRAIN));
                    }
                    leaving = true;
                    kernel.trace(name() + " drains");
                    kernel.await(() -> left);
                    long end = kernel.nanos() + DRAIN.toNanos();
                    while (busy() > 0 && kernel.nanos() < end) {
                        kernel.sleep(Duration.ofMillis(100));
                    }
                    gone = gone || busy() > 0;
                    kernel.trace(name() + " exits with " + busy() + " unfinished");
                    world.exits(this);
                    kernel.await(() -> false);
                });
    }

    /** Returns whether it was killed, or stopped for so long that others had to give it up. */
    boolean wasGone() {
        return gone;
    }

    void wasKilledOrExpelled() {
        gone = true;
    }

    /** Returns whether it was stopped at all. */
    boolean wasSlow() {
        return slow;
    }

    void wasStopped() {
        slow = true;
    }

    boolean wasMember(String id) {
        return id.startsWith(instance + "#");
    }

    private int busy() {
        return execution.inFlight() + unsettled + execution.handingOver();
    }

    private void readSlots() {
        while (!leaving) {
            try {
                intake.slots().run();
                if (world.bug() == Bug.TRUST_EVERY_POLL) {
                    ownership.provedMember(ownership.now());
                }
            } catch (KafkaException e) {
                kernel.trace(name() + " begins anew: " + e.getMessage());
                slots.beginAnew();
                kernel.sleep(Duration.ofSeconds(1));
            }
        }
        slots.leave();
        left = true;
    }

    private void readLanes() {
        while (!left) {
            if (!intake.lanes().getAsBoolean()) {
                kernel.sleep(kernel.between(20, 200));
            }
        }
    }

    private void sweep() {
        while (!left) {
            kernel.sleep(kernel.between(500, 1_500));
            intake.sweep().run();
        }
    }

    private void readHandoffs() {
        while (!left) {
            kernel.sleep(kernel.between(20, 200));
            handoffs.step();
        }
    }

    private void settleAll() {
        while (true) {
            kernel.await(() -> !queue.isEmpty());
            kernel.step("collects");
            List<Settlement> batch = new ArrayList<>();
            int most = 1 + kernel.random.nextInt(6);
            while (batch.size() < most && !queue.isEmpty()) {
                batch.add(queue.removeFirst());
            }
            List<Settlement> refused = writer.apply(batch);
            unsettled += refused.size() - batch.size();
            queue.addAll(refused);
            if (!refused.isEmpty()) {
                kernel.sleep(BACKOFF);
            }
        }
    }

    private List<SlotState> stateAtTakeover(Collection<Integer> taken) {
        return world.bug() == Bug.LEDGER_BEFORE_FENCING
                ? early.stream().filter(each -> taken.contains(each.slot())).toList()
                : ledger.read(taken);
    }

    private void settle(Settlement settlement) {
        unsettled++;
        queue.add(
                switch (world.bug()) {
                    case MOVE_WITHOUT_THE_ATTEMPTS -> SettlementSeam.withoutAttempts(settlement);
                    case MOVE_OUTSIDE_THE_TRANSACTION -> {
                        Optional<ProducerRecord<byte[], byte[]>> moved =
                                SettlementSeam.moved(settlement, world.codecs(), world.slots());
                        moved.ifPresent(world.cluster()::append);
                        yield moved.isPresent()
                                ? SettlementSeam.withNothing(settlement)
                                : settlement;
                    }
                    default -> settlement;
                });
    }

    private void lost(Settlement settlement) {
        execution.lost(settlement);
    }

    private Outcome call(ProviderCall call) {
        int slot = world.slotOf(call.job().value());
        PlayedProvider.Answer answer = world.provider().answer(call);
        Outcome outcome = answer.outcome();
        world.referee()
                .called(
                        this,
                        call.job().value(),
                        call.attempt(),
                        world.group().owner(slot),
                        answer.took());
        kernel.trace(name() + " calls for " + call.job() + "/" + call.attempt());
        kernel.sleep(answer.took());
        world.referee().answered(call.job().value(), call.attempt(), outcome);
        kernel.trace(
                "provider answers "
                        + call.job()
                        + "/"
                        + call.attempt()
                        + " "
                        + outcome.getClass().getSimpleName());
        return outcome;
    }

    /** The topics that execution writes to; acknowledgements are slow, or get lost. */
    private final class Written implements ExecutionSeam.Log {

        @Override
        public long journal(int slot, AttemptsRecord entry) {
            byte[] value = world.codecs().attempts().encode(entry);
            if (entry.getDrain() != null) {
                return append(Topic.ATTEMPTS, slot, value);
            }
            journalling++;
            try {
                return journalled(slot, entry, value);
            } finally {
                journalling--;
            }
        }

        private long journalled(int slot, AttemptsRecord entry, byte[] value) {
            if (world.bug() == Bug.CALL_BEFORE_THE_JOURNALS_ACK && entry.getStarted() != null) {
                return 1_000;
            }
            kernel.step("journals");
            if (world.fails(30)) {
                if (kernel.oneIn(2)) {
                    append(Topic.ATTEMPTS, slot, value);
                    liesInJournal(entry);
                }
                throw new KafkaException("journal does not answer");
            }
            long offset = append(Topic.ATTEMPTS, slot, value);
            liesInJournal(entry);
            if (entry.getStarted() != null) {
                world.referee().journalled(Dispatcher.this, entry.getStarted());
                kernel.trace(
                        name()
                                + " has journalled "
                                + entry.getStarted().getJobId()
                                + "/"
                                + entry.getStarted().getAttempt());
            }
            if (world.fails(15)) {
                kernel.sleep(kernel.between(1, 8_000));
            }
            kernel.step("has its acknowledgement");
            return offset;
        }

        private void liesInJournal(AttemptsRecord entry) {
            if (entry.getStarted() != null) {
                world.referee().liesInJournal(Dispatcher.this, entry.getStarted());
            }
        }

        @Override
        public void handOver(int slot, Handoff entry) {
            kernel.step("hands over " + entry.getJobId() + " " + entry.getOutcome());
            if (world.bug() == Bug.FORGET_A_HAND_OVER) {
                return;
            }
            failedBefore = !failedBefore && world.fails(10);
            if (failedBefore) {
                throw new KafkaException("hand-over is not answered");
            }
            append(Topic.HANDOFFS, slot, world.codecs().handoffs().encode(entry));
            kernel.step("has handed over");
        }

        private long append(Topic topic, int slot, byte[] value) {
            synchronized (world) { // announcements of a drain come from threads of their own
                return world.cluster()
                        .append(topic, slot, "k".getBytes(StandardCharsets.UTF_8), value);
            }
        }
    }

    private final class Fencing implements IntakeSeam.Transactions {

        @Override
        public List<String> ongoing() {
            if (world.bug() == Bug.LEDGER_BEFORE_FENCING) {
                early = ledger.read(IntStream.range(0, world.slots().count()).boxed().toList());
            }
            kernel.step("asks for open transactions");
            return world.cluster().ongoing();
        }

        @Override
        public Set<String> alive() {
            kernel.step("asks who is alive");
            return world.group().members().stream()
                    .map(each -> PREFIX + each.instance())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        @Override
        public void fence(Collection<String> ids) {
            if (world.bug() != Bug.STATE_BEFORE_OPEN_TRANSACTIONS_END) {
                ids.forEach(world.cluster()::fence);
            }
            kernel.step("has fenced " + ids);
        }
    }

    private final class Paced implements ExecutionSeam.Pace {

        @Override
        public void run(String name, Runnable work) {
            kernel.spawn(Dispatcher.this, name, work);
            if (world.bug() == Bug.ADOPT_TWICE && name.equals("adoption")) {
                kernel.spawn(Dispatcher.this, name, work);
            }
        }

        @Override
        public void after(Duration wait, Runnable work) {
            kernel.spawn(
                    Dispatcher.this,
                    "timer",
                    () -> {
                        kernel.sleep(wait);
                        work.run();
                    });
        }

        @Override
        public void every(Duration pause, Runnable work) {
            kernel.spawn(
                    Dispatcher.this,
                    "clockwork",
                    () -> {
                        while (true) {
                            kernel.sleep(pause);
                            work.run();
                        }
                    });
        }

        @Override
        public void pause(Duration wait) {
            kernel.sleep(wait);
        }
    }
}
