package io.millrace.ingress.webhook;

import io.millrace.schemas.avro.WebhookDelivery;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to the deliveries of one partition when they are due, from its taking to its loss.
 *
 * <p>Those of one receiver stand in one line, of which at most {@value #AT_ONCE} are under way, and
 * only one while the last try failed, so that a slow or dead receiver delays nobody else. In memory
 * there is one entry a line; the deliveries are in the store. A delivery counts as under way until
 * what became of it is applied, so that nothing is sent twice without need.
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
    private static final int AT_ONCE = 8;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration IDLE = Duration.ofMinutes(1);

    private final DeliveryStore store;
    private final Errand errand;
    private final Semaphore all;
    private final InstantSource clock;
    private final Thread thread;
    private final Set<Thread> errands = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Map<String, Line> lines = new HashMap<>();
    private final TreeSet<Line> waiting =
            new TreeSet<>(
                    Comparator.comparingLong((Line line) -> line.headMillis)
                            .thenComparing(line -> line.name));
    private boolean scanned;
    private long pending;
    private volatile boolean stopped;

    /** The deliveries to one receiver. */
    private static final class Line {

        private final String name;
        private final Set<String> underWay = new HashSet<>();
        private long headMillis = Long.MAX_VALUE;
        private boolean failing;

        Line(String name) {
            this.name = name;
        }

        int room() {
            return Math.max(0, (failing ? 1 : AT_ONCE) - underWay.size());
        }
    }

    /**
     * Sees to what is in a store.
     *
     * @param all bounds what is under way in the whole process
     */
    Courier(String name, DeliveryStore store, Errand errand, Semaphore all, InstantSource clock) {
        this.store = store;
        this.errand = errand;
        this.all = all;
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
        lock.lock();
        try {
            Optional<WebhookDelivery> before = store.put(delivery);
            before.ifPresent(old -> left(old, delivery.getDeliveryId()));
            DeliveryStore.Next next = DeliveryStore.Next.of(delivery);
            Line line = lines.computeIfAbsent(next.line(), Line::new);
            move(line, Math.min(line.headMillis, next.dueMillis()));
            count(next, 1);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a delivery; by the thread that applies the partition. */
    void forgotten(String id) {
        lock.lock();
        try {
            store.remove(id).ifPresent(old -> left(old, id));
        } finally {
            lock.unlock();
        }
    }

    private void left(WebhookDelivery old, String id) {
        DeliveryStore.Next before = DeliveryStore.Next.of(old);
        count(before, -1);
        released(before.line(), id);
    }

    private void released(String name, String id) {
        Line line = lines.get(name);
        if (line != null) {
            line.underWay.remove(id);
            move(line, store.firstDue(name, line.underWay));
            changed.signal();
        }
    }

    private void count(DeliveryStore.Next next, int more) {
        if (scanned && !next.line().equals(DeliveryStore.ENDED)) {
            pending += more;
        }
    }

    // Where a line stands among those that wait follows from its head: both change together.
    private void move(Line line, long headMillis) {
        waiting.remove(line);
        line.headMillis = headMillis;
        if (headMillis == Long.MAX_VALUE && line.underWay.isEmpty()) {
            lines.remove(line.name);
        } else if (headMillis != Long.MAX_VALUE && line.room() > 0) {
            waiting.add(line);
        }
    }

    /** Returns how many deliveries are neither done nor given up. */
    long pending() {
        lock.lock();
        try {
            return pending;
        } finally {
            lock.unlock();
        }
    }

    /** Returns for how long the one that is due longest has been due. */
    Duration overdue() {
        lock.lock();
        try {
            long head =
                    waiting.stream()
                            .filter(line -> !line.name.equals(DeliveryStore.ENDED))
                            .findFirst()
                            .map(line -> line.headMillis)
                            .orElse(Long.MAX_VALUE);
            return Duration.ofMillis(Math.max(0, clock.millis() - Math.min(head, clock.millis())));
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        while (!stopped) {
            try {
                scan();
                while (!stopped) {
                    step();
                }
            } catch (InterruptedException _) {
                return;
            } catch (InvalidStateStoreException e) {
                LOG.atDebug().setCause(e).log("a store of webhooks has moved");
                LockSupport.parkNanos(PAUSE.toNanos());
            } catch (RuntimeException e) {
                LOG.atWarn().setCause(e).log("webhooks of a partition could not be seen to");
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    private void scan() {
        lock.lock();
        try {
            pending = 0;
            store.forEach((name, due) -> {
                Line line = lines.computeIfAbsent(name, Line::new);
                if (due < line.headMillis) {
                    move(line, due);
                }
                if (!name.equals(DeliveryStore.ENDED)) {
                    pending++;
                }
            });
            scanned = true;
        } finally {
            lock.unlock();
        }
    }

    private void step() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            for (long wait = waitMillis(); wait > 0; wait = waitMillis()) {
                var _ = changed.await(wait, TimeUnit.MILLISECONDS);
            }
            long now = clock.millis();
            Line line = waiting.first();
            List<String> due = store.due(line.name, now, line.underWay, line.room());
            line.underWay.addAll(due);
            move(line, store.firstDue(line.name, line.underWay));
            due.forEach(id -> set(line.name, id));
        } finally {
            lock.unlock();
        }
    }

    private long waitMillis() {
        // looked at now and then, for the clock may be set
        return waiting.isEmpty()
                ? IDLE.toMillis()
                : Math.min(waiting.first().headMillis - clock.millis(), LOOK.toMillis());
    }

    private void set(String line, String id) {
        Thread runner = Thread.ofVirtual().unstarted(() -> out(line, id));
        errands.add(runner);
        runner.start();
    }

    private void out(String line, String id) {
        boolean recorded = false;
        try {
            all.acquire();
            try {
                Optional<WebhookDelivery> delivery = store.get(id);
                if (delivery.isPresent() && !stopped) {
                    boolean well = errand.run(delivery.get());
                    recorded = true;
                    tell(line, well);
                }
            } finally {
                all.release();
            }
        } catch (InterruptedException _) {
            LOG.atDebug().addKeyValue("delivery", id).log("delivery goes on elsewhere");
        } catch (RuntimeException e) {
            LOG.atWarn()
                    .addKeyValue("delivery", id)
                    .setCause(e)
                    .log("a delivery could not be seen to and is tried again");
            LockSupport.parkNanos(PAUSE.toNanos());
        } finally {
            errands.remove(Thread.currentThread());
            if (!recorded && !stopped) {
                release(line, id);
            }
        }
    }

    private void tell(String name, boolean well) {
        lock.lock();
        try {
            Line line = lines.get(name);
            if (line != null) {
                line.failing = !well;
                move(line, line.headMillis);
            }
        } finally {
            lock.unlock();
        }
    }

    private void release(String line, String id) {
        lock.lock();
        try {
            released(line, id);
        } catch (InvalidStateStoreException e) {
            LOG.atDebug().setCause(e).log("a store of webhooks has moved");
        } finally {
            lock.unlock();
        }
    }
}
