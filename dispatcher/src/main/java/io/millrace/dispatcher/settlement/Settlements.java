package io.millrace.dispatcher.settlement;

import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.serde.RegistryUnavailableException;
import io.millrace.servicekit.admin.Health.State;
import io.millrace.servicekit.kafka.Bound;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.Producer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that settles: collects what ended, groups it, and writes group after group.
 *
 * <pre>
 *   settle(…) ─► queue ─► collect until max(now, last end + quiet) or full ─► SlotWriter ─► applied
 *                            ▲                                                   │
 *                            └──────────── what was refused and is still ours ◄──┘
 * </pre>
 *
 * <p>The queue holds at most what is in flight, which intake bounds.
 */
public final class Settlements implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Settlements.class);
    private static final long BACKOFF_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final BlockingQueue<Settlement> queue = new LinkedBlockingQueue<>();
    private final AtomicInteger unsettled = new AtomicInteger();
    private final AtomicInteger aside = new AtomicInteger();
    private final InstantSource clock;
    private final SlotWriter writer;
    private final SettlementConfig config;
    private final Thread thread;
    private volatile boolean running = true;
    private int limit; // of the next group; only the thread uses it

    /**
     * Starts settling for a process.
     *
     * @param producers makes a transactional producer, not initialised yet
     * @param ledger reads back what the log has, when a commit's outcome is unknown
     * @param lost takes the settlements of slots that are lost; returns at once
     * @param delivered returns whether a result is written to its tenant's own topic, too
     */
    public static Settlements start(
            Ownership ownership,
            Codecs codecs,
            Slots slots,
            Predicate<InferenceResult> delivered,
            Supplier<Bound<Producer<byte[], byte[]>>> producers,
            SlotStates ledger,
            SettlementMeters meters,
            Consumer<Settlement> lost,
            InstantSource clock) {
        SlotWriter writer =
                new SlotWriter(
                        ownership,
                        new Envelope(codecs, slots, delivered),
                        producers,
                        ledger,
                        meters,
                        lost);
        return new Settlements(writer, SettlementConfig.MEASURED, clock);
    }

    private Settlements(SlotWriter writer, SettlementConfig config, InstantSource clock) {
        this.clock = clock;
        this.writer = writer;
        this.config = config;
        this.limit = config.backlogGroup();
        this.thread = Thread.ofPlatform().name("settlement").start(this::run);
    }

    /** Queues a settlement; returns at once. */
    public void settle(Settlement settlement) {
        unsettled.incrementAndGet();
        queue.add(settlement);
    }

    /** Returns how many settlements are queued or being written. */
    public int unsettled() {
        return unsettled.get();
    }

    /** Ends the thread after what is queued has been written or refused. */
    @Override
    public void close() {
        running = false;
        try {
            thread.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        writer.close();
    }

    private void run() {
        long lastEnd = System.nanoTime() - config.quiet().toNanos();
        while (running || !queue.isEmpty()) {
            try {
                List<Settlement> batch = collect(lastEnd + config.quiet().toNanos());
                if (!batch.isEmpty()) {
                    write(batch);
                    lastEnd = System.nanoTime();
                }
            } catch (InterruptedException e) {
                // nobody but close() ends this thread, and it does not interrupt
                throw new IllegalStateException("settlement was interrupted", e);
            }
        }
    }

    private List<Settlement> collect(long until) throws InterruptedException {
        List<Settlement> batch = new ArrayList<>();
        Settlement first = queue.poll(100, TimeUnit.MILLISECONDS);
        if (first == null) {
            return batch;
        }
        batch.add(first);
        int usual = queue.size() > config.group() ? config.backlogGroup() : config.group();
        int most = Math.min(limit, usual);
        queue.drainTo(batch, most - batch.size());
        for (long left = until - System.nanoTime();
                left > 0 && batch.size() < most;
                left = until - System.nanoTime()) {
            Settlement next = queue.poll(left, TimeUnit.NANOSECONDS);
            if (next != null) {
                batch.add(next);
                queue.drainTo(batch, most - batch.size());
            }
        }
        return batch;
    }

    private void write(List<Settlement> batch) {
        List<Settlement> refused;
        try {
            refused = writer.write(batch);
        } catch (RegistryUnavailableException e) {
            LOG.atWarn().setCause(e).log("cannot settle while the schema registry does not answer");
            refused = batch;
        } catch (RuntimeException e) {
            // without this thread nothing would ever be settled again
            LOG.atError().setCause(e).log("settlements cannot be written and are tried again");
            refused = batch;
        }
        if (refused.size() == 1 && batch.size() == 1 && writer.wasImpossible()) {
            refused = plainer(refused.getFirst());
        }
        unsettled.addAndGet(refused.size() - batch.size());
        // so that one which can never be written ends up alone, and the others go on
        limit = refused.isEmpty() ? config.backlogGroup() : Math.max(1, batch.size() / 2);
        if (!refused.isEmpty()) {
            queue.addAll(refused);
            LockSupport.parkNanos(BACKOFF_NANOS);
        }
    }

    /**
     * Returns a plainer end of a record whose settlement can never be written. When there is none
     * it is put aside: its record stays open in the frontier, and whoever owns the slot next tries
     * again.
     */
    private List<Settlement> plainer(Settlement impossible) {
        Optional<Settlement> plain = LastResort.of(impossible, clock.instant());
        if (plain.isEmpty()) {
            aside.incrementAndGet();
        }
        LOG.atError()
                .addKeyValue("source", impossible.source().partition())
                .addKeyValue("offset", impossible.offset())
                .addKeyValue("aside", plain.isEmpty())
                .log("a settlement can never be written");
        return plain.map(List::of).orElse(List.of());
    }

    /** Returns whether everything that ended could be written. */
    public State state() {
        int stuck = aside.get();
        return stuck == 0
                ? new State.Ready()
                : new State.Broken(stuck + " records cannot be settled; see the log");
    }
}
