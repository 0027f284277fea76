package io.millrace.standalone.endtoend;

import io.millrace.standalone.endtoend.FaultPlan.Fault;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/** The services of a campaign, which faults befall and which come back each time. */
final class Crew {

    private static final List<String> DISPATCHERS =
            List.of("dispatcher-1", "dispatcher-2", "dispatcher-3");
    private static final List<String> INGRESSES = List.of("ingress-1", "ingress-2");
    private static final String AGGREGATOR = "aggregator";

    private static final Duration BROKER_FROZEN = Duration.ofSeconds(20);
    private static final Duration AWAY = Duration.ofSeconds(15);

    private final Cluster cluster;
    private final Arrivals arrivals;
    private final int longestFreezeSeconds;
    private final RandomGenerator random;
    private final List<Takeover> takeovers = new ArrayList<>();
    private final Map<String, MillraceProcess> running = new ConcurrentHashMap<>();
    private MillraceProcess broker;
    private int freezes;

    /**
     * Starts all services.
     *
     * @param longestFreezeSeconds for how long a dispatcher is frozen at most, at least 20
     */
    Crew(Cluster cluster, Arrivals arrivals, int longestFreezeSeconds, RandomGenerator random) {
        this.cluster = cluster;
        this.arrivals = arrivals;
        this.longestFreezeSeconds = longestFreezeSeconds;
        this.random = random;
        this.broker = cluster.firstBroker();
        List<MillraceProcess> begun = new ArrayList<>();
        for (String name : DISPATCHERS) {
            begun.add(begin("dispatcher", name));
        }
        for (String name : INGRESSES) {
            begun.add(begin("ingress", name));
        }
        begun.add(begin("usage-aggregator", AGGREGATOR));
        begun.forEach(MillraceProcess::ready);
    }

    /** The n-th job's tenant, as one of the ingresses that run serves it. */
    Api api(int n) {
        MillraceProcess ingress = process(INGRESSES.get(n % INGRESSES.size()));
        List<Api> teams = cluster.teams(ingress);
        return teams.get(n / 2 % teams.size());
    }

    /** Lets a fault happen, and returns once whoever it befell is ready again. */
    void befall(Fault fault) {
        switch (fault) {
            case LOSE_DISPATCHER -> lost(one(DISPATCHERS));
            case KILL_DISPATCHER -> {
                String name = one(DISPATCHERS);
                takeovers.add(takeover(name));
                killed("dispatcher", name);
            }
            case STOP_DISPATCHER -> stopped("dispatcher", one(DISPATCHERS));
            case FREEZE_DISPATCHER -> frozen(process(one(DISPATCHERS)), freeze());
            case ROLL_DISPATCHERS -> DISPATCHERS.forEach(name -> stopped("dispatcher", name));
            case KILL_INGRESS -> killed("ingress", one(INGRESSES));
            case KILL_AGGREGATOR -> killed("usage-aggregator", AGGREGATOR);
            case KILL_BROKER -> {
                broker.kill();
                broker = cluster.broker();
            }
            case FREEZE_BROKER -> frozen(broker, BROKER_FROZEN);
        }
    }

    /** The first is the longest. */
    private Duration freeze() {
        int seconds = random.nextInt(20, longestFreezeSeconds + 1);
        boolean first = freezes++ == 0;
        return Duration.ofSeconds(first ? longestFreezeSeconds : seconds);
    }

    /** What died so far, and what it owned. */
    List<Takeover> takeovers() {
        return takeovers;
    }

    /** Others take over what it owned: it stays away until they have, or for long enough. */
    private void lost(String name) {
        Takeover takeover = takeover(name);
        takeovers.add(takeover);
        process(name).kill();
        long deadline = System.nanoTime() + AWAY.toNanos();
        while (takeover.silences(arrivals).size() < takeover.slots().size()
                && System.nanoTime() < deadline) {
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
        }
        begin("dispatcher", name).ready();
    }

    private Takeover takeover(String name) {
        List<Integer> slots = new ArrayList<>();
        cluster.dispatcher(name).path("slots").forEach(slot -> slots.add(slot.asInt()));
        return new Takeover(name, List.copyOf(slots), Instant.now());
    }

    private void killed(String service, String name) {
        process(name).kill();
        begin(service, name).ready();
    }

    private void stopped(String service, String name) {
        process(name).terminate().exitCode(Duration.ofSeconds(60));
        begin(service, name).ready();
    }

    private static void frozen(MillraceProcess process, Duration time) {
        process.freeze();
        try {
            LockSupport.parkNanos(time.toNanos());
        } finally {
            process.thaw();
        }
    }

    private MillraceProcess begin(String service, String name) {
        MillraceProcess begun = cluster.begin(service, name);
        if (!service.equals("ingress")) {
            running.put(name, begun);
            return begun;
        }
        begun.ready(); // its address is in its ready line
        running.put(name, begun);
        return begun;
    }

    private MillraceProcess process(String name) {
        MillraceProcess process = running.get(name);
        if (process == null) {
            throw new AssertionError(name + " was never started");
        }
        return process;
    }

    private String one(List<String> names) {
        return names.get(random.nextInt(names.size()));
    }
}
