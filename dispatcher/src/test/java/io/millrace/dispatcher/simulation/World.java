package io.millrace.dispatcher.simulation;

import io.millrace.dispatcher.Samples;
import io.millrace.dispatcher.execution.ExecutionSeam;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.id.Slots;
import io.millrace.schemas.serde.Codecs;
import io.millrace.schemas.topic.Topic;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;

/**
 * One run: three dispatchers, four tenants, a seed.
 *
 * <p>For the first half minute of its time jobs come and faults happen; then processes are woken or
 * started, all but some that are stopped for long, nothing fails any more, and all that was
 * accepted must come to its end.
 */
final class World {

    private static final int SLOTS = 3;
    private static final int DISPATCHERS = 3;
    private static final long FAULTS_END = Duration.ofSeconds(30).toNanos();
    private static final long PATIENCE = Duration.ofMinutes(10).toNanos();
    private static final long MOST_NANO_USD_A_CALL = 30_000;
    private static final long SESSION = Duration.ofSeconds(6).toNanos();

    private static final Map<String, Referee.Limit> LIMITS =
            new TreeMap<>(
                    Map.of(
                            "free", new Referee.Limit(1_000, Long.MAX_VALUE, false),
                            "narrow", new Referee.Limit(2, Long.MAX_VALUE, false),
                            "poor", new Referee.Limit(1_000, 5 * MOST_NANO_USD_A_CALL, false),
                            "once", new Referee.Limit(1_000, Long.MAX_VALUE, true)));

    private final Codecs codecs;
    private final Bug bug;
    private final Kernel kernel;
    private final Cluster cluster;
    private final Group group;
    private final Referee referee;
    private final Slots slots = new Slots(SLOTS);
    private final PlayedProvider provider = new PlayedProvider(this);
    private final Catalogue catalogue = ExecutionSeam.catalogue(tenants());
    private final Kernel.Host outside = new Kernel.Host("outside");
    private final Map<String, Dispatcher> running = new TreeMap<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private final Map<String, Integer> homes = new HashMap<>();
    private final List<Dispatcher> exiting = new ArrayList<>();
    private boolean quiet;

    World(Codecs codecs, long seed, Bug bug) {
        this.codecs = codecs;
        this.bug = bug;
        this.kernel = new Kernel(seed);
        this.referee = new Referee(codecs, LIMITS, kernel::nanos);
        this.cluster = new Cluster(kernel, referee::committed);
        this.group = new Group(kernel, SLOTS);
    }

    /** Runs to the end, or to the first broken promise. */
    void run() {
        for (int i = 0; i < DISPATCHERS; i++) {
            start("d" + i);
        }
        kernel.spawn(outside, "client", this::submit);
        try {
            while (kernel.nanos() < FAULTS_END) {
                advance();
                faults();
            }
            calm();
            long end = kernel.nanos() + PATIENCE;
            while (referee.open() > 0 && kernel.nanos() < end) {
                advance();
            }
            referee.atRest();
        } finally {
            running.values().forEach(kernel::kill);
            kernel.kill(outside);
        }
    }

    private void advance() {
        kernel.next();
        exiting.forEach(this::kill);
        exiting.clear();
        group.expelTheSilent();
        cluster.timeOut();
        kernel.failure().ifPresent(World::rethrow);
    }

    private static void rethrow(Throwable failure) {
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof AssertionError e) {
            throw e;
        }
        throw new AssertionError("a task ended in an error", failure);
    }

    private void faults() {
        if (!kernel.oneIn(120)) {
            return;
        }
        List<Dispatcher> all = List.copyOf(running.values());
        if (all.isEmpty()) {
            return;
        }
        Dispatcher victim = all.get(kernel.random.nextInt(all.size()));
        switch (kernel.random.nextInt(7)) {
            case 0 -> {
                kill(victim);
                startLater(victim.instance(), kernel.between(100, 12_000));
            }
            case 1 -> {
                victim.drain();
                startLater(victim.instance(), kernel.between(2_000, 30_000));
            }
            case 2 -> stop(victim, kernel.between(100, kernel.oneIn(4) ? 90_000 : 20_000));
            case 3 -> stop(victim, kernel.between(3_000, 9_000));
            default -> group.moveOne();
        }
    }

    private void stop(Dispatcher victim, Duration wait) {
        if (!kernel.isPaused(victim)) {
            victim.wasStopped();
            if (wait.toNanos() > SESSION) {
                victim.wasKilledOrExpelled();
            }
            kernel.pause(victim, wait);
        }
    }

    private void calm() {
        quiet = true;
        kernel.trace("faults end");
        // others go on to be stopped, for up to a minute and a half in all
        running.values().stream().filter(_ -> kernel.oneIn(2)).forEach(kernel::wake);
        for (int i = 0; i < DISPATCHERS; i++) {
            if (!running.containsKey("d" + i)) {
                start("d" + i);
            }
        }
    }

    /** Ends a process after the step in which it asks for it. */
    void exits(Dispatcher dispatcher) {
        exiting.add(dispatcher);
    }

    private void kill(Dispatcher victim) {
        victim.wasKilledOrExpelled();
        running.remove(victim.instance(), victim);
        if (!victim.isDead()) {
            kernel.kill(victim);
            group.died(victim);
        }
    }

    private void startLater(String instance, Duration wait) {
        kernel.spawn(
                outside,
                "supervisor",
                () -> {
                    kernel.sleep(wait);
                    kernel.await(() -> quiet || !running.containsKey(instance));
                    if (!running.containsKey(instance)) {
                        start(instance);
                    }
                });
    }

    private void start(String instance) {
        Dispatcher dispatcher =
                new Dispatcher(this, instance, starts.merge(instance, 1, Integer::sum));
        running.put(instance, dispatcher);
        dispatcher.start();
    }

    private void submit() {
        int jobs = 10 + kernel.random.nextInt(15);
        List<String> names = new ArrayList<>(LIMITS.keySet());
        for (int i = 0; i < jobs; i++) {
            kernel.sleep(kernel.between(0, 1_500));
            String tenant = names.get(kernel.random.nextInt(names.size()));
            Submit submit = submit(i, tenant);
            homes.put(submit.getJobId(), slots.of(tenant));
            referee.accepted(submit.getJobId(), tenant);
            request(tenant, SlotRecord.newBuilder().setSubmit(submit).build());
            kernel.trace("client submits " + submit.getJobId() + " of " + tenant);
            if (kernel.oneIn(8)) {
                kernel.spawn(outside, "regret", () -> cancel(submit));
            }
        }
    }

    private Submit submit(int number, String tenant) {
        return Samples.submit(number)
                .setTenant(tenant)
                .setRequest(
                        Samples.request()
                                .setDelivery(
                                        limit(tenant).atMostOnce()
                                                ? Delivery.AT_MOST_ONCE
                                                : Delivery.AT_LEAST_ONCE)
                                .setExpiresAt(
                                        kernel.oneIn(6)
                                                ? now().plus(kernel.between(1_000, 30_000))
                                                : null)
                                .build())
                .build();
    }

    private void cancel(Submit submit) {
        kernel.sleep(kernel.between(10, 20_000));
        String tenant = submit.getTenant();
        Cancel wish = new Cancel(submit.getJobId(), tenant, "cancelled", now());
        request(tenant, SlotRecord.newBuilder().setCancel(wish).build());
        kernel.trace("client cancels " + submit.getJobId());
    }

    private void request(String tenant, SlotRecord said) {
        cluster.append(
                Topic.REQUESTS,
                slots.of(tenant),
                tenant.getBytes(StandardCharsets.UTF_8),
                codecs.slotRecords().encode(said));
    }

    private static Referee.Limit limit(String tenant) {
        return Optional.ofNullable(LIMITS.get(tenant)).orElseThrow();
    }

    private static List<TenantState> tenants() {
        List<TenantState> tenants = new ArrayList<>();
        LIMITS.forEach((name, limit) ->
                tenants.add(
                        TenantState.newBuilder()
                                .setName(name)
                                .setConcurrency(limit.concurrency())
                                .setDailyNanoUsd(limit.nanoUsd())
                                .build()));
        return tenants;
    }

    /** Returns whether the coordinator takes offsets with that membership. */
    boolean accepts(ConsumerGroupMetadata metadata) {
        boolean nobody = metadata.generationId() < 0 && metadata.memberId().isEmpty();
        return nobody
                || (group.has(metadata.memberId())
                        && metadata.generationId() == group.generation());
    }

    /** Returns whether something fails that does so once in so many times. */
    boolean fails(int times) {
        return !quiet && kernel.oneIn(times);
    }

    boolean isQuiet() {
        return quiet;
    }

    int slotOf(String job) {
        return Optional.ofNullable(homes.get(job)).orElseThrow();
    }

    Instant now() {
        return Samples.NOON.plusNanos(kernel.nanos());
    }

    Kernel kernel() {
        return kernel;
    }

    Cluster cluster() {
        return cluster;
    }

    Group group() {
        return group;
    }

    Referee referee() {
        return referee;
    }

    PlayedProvider provider() {
        return provider;
    }

    Codecs codecs() {
        return codecs;
    }

    Slots slots() {
        return slots;
    }

    Catalogue catalogue() {
        return catalogue;
    }

    Kernel.Host outside() {
        return outside;
    }

    Bug bug() {
        return bug;
    }
}
