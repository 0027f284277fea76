package io.millrace.ingress.webhook;

import io.millrace.schemas.avro.WebhookDelivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to the deliveries of one partition when they are due, from its taking to its loss.
 *
 * <p>Those of one receiver stand in one line, of which a few are under way at once, and only one
 * while the receiver fails or is slow, so that it delays nobody else. A delivery counts as under
 * way until what became of it is applied, so that nothing is sent twice without need.
 */
final class Courier {

    /** What is done with a delivery that is due. */
    @FunctionalInterface
    interface Errand {

        /**
         * Sends or forgets it and records that.
         *
         * @return whether the receiver took it, or there was none to take it
         * @throws InterruptedException when nothing was recorded
         */
        boolean run(WebhookDelivery delivery) throws InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration IDLE = Duration.ofMinutes(1);
    // longer than that is slow
    private static final Duration QUICK = Duration.ofSeconds(5);

    private final DeliveryStore store;
    private final Errand errand;
    private final UnderWay underWay;
    private final InstantSource clock;
    private final Thread thread;
    private final Set<Thread> errands = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Lines lines;
    private volatile boolean stopped;

    /** Sees to what is in a store. */
    Courier(
            String name,
            DeliveryStore store,
            Errand errand,
            UnderWay underWay,
            InstantSource clock) {
        this.store = store;
        this.lines = new Lines(store);
        this.errand = errand;
        this.underWay = underWay;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("webhooks-" + name).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Ends it soon: the partition is not ours any more. Returns at once. */
    void stop() {
        stopped = true;
        thread.interrupt();
        errands.forEach(Thread::interrupt);
    }

    /** Keeps a new state of a delivery; by the thread that applies the partition. */
    void applied(WebhookDelivery delivery) {
        change(() -> lines.put(delivery));
    }

    /** Forgets a delivery; by the thread that applies the partition. */
    void forgotten(String id) {
        change(() -> lines.remove(id));
    }

    /** Returns how many deliveries are neither done nor given up. */
    long pending() {
        return asked(lines::pending);
    }

    /** Returns for how long the one that is due longest has been due. */
    Duration overdue() {
        long now = clock.millis();
        return Duration.ofMillis(now - asked(() -> lines.dueSinceMillis(now)));
    }

    private void run() {
        while (!stopped) {
            try {
                change(lines::scan);
                while (!stopped) {
                    step();
                }
            } catch (InterruptedException _) {
                return;
            } catch (InvalidStateStoreException e) {
                moved(e);
                LockSupport.parkNanos(PAUSE.toNanos());
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("webhooks of a partition could not be seen to");
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void step() throws InterruptedException {
        Lines.Batch batch;
        lock.lockInterruptibly();
        try {
            for (long wait = waitMillis(); wait > 0; wait = waitMillis()) {
                var _ = changed.await(wait, TimeUnit.MILLISECONDS);
            }
            batch = lines.take(clock.millis());
        } finally {
            lock.unlock();
        }
        batch.ids().forEach(id -> set(batch.line(), id));
    }

    private long waitMillis() {
        long head = lines.headMillis();
        // looked at now and then, for the clock may be set
        return head == Line.NOBODY
                ? IDLE.toMillis()
                : Math.min(head - clock.millis(), LOOK.toMillis());
    }

    private void set(String line, String id) {
        Thread runner = Thread.ofVirtual().unstarted(() -> out(line, id));
        errands.add(runner);
        runner.start();
    }

    private void out(String line, String id) {
        boolean[] recorded = {false};
        try {
            underWay.run(
                    Next.owner(line),
                    () -> {
                        Optional<WebhookDelivery> delivery = store.get(id);
                        if (delivery.isPresent() && !stopped) {
                            Instant from = clock.instant();
                            boolean well = errand.run(delivery.get());
                            recorded[0] = true;
                            boolean quick = !clock.instant().isAfter(from.plus(QUICK));
                            change(() -> lines.did(line, well && quick));
                        }
                    });
        } catch (InterruptedException _) {
            LOG.atDebug().addKeyValue("delivery", id).log("delivery goes on elsewhere");
        } catch (InvalidStateStoreException e) {
            moved(e);
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("delivery", id)
                    .setCause(e)
                    .log("a delivery could not be seen to and is tried again");
            LockSupport.parkNanos(PAUSE.toNanos());
        } finally {
            errands.remove(Thread.currentThread());
            if (!recorded[0] && !stopped) {
                change(() -> lines.again(line, id));
            }
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    private <T> T asked(Supplier<T> question) {
        lock.lock();
        try {
            return question.get();
        } finally {
            lock.unlock();
        }
    }

    private static void moved(InvalidStateStoreException e) {
        LOG.atDebug().setCause(e).log("a store of webhooks has moved");
    }
}
