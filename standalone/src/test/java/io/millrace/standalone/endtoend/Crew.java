package io.millrace.standalone.endtoend;

import io.millrace.standalone.endtoend.FaultPlan.Fault;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
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

    private final Cluster cluster;
    private final RandomGenerator random;
    private final Map<String, MillraceProcess> running = new ConcurrentHashMap<>();
    private MillraceProcess broker;

    Crew(Cluster cluster, RandomGenerator random) {
        this.cluster = cluster;
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
            case KILL_DISPATCHER -> killed("dispatcher", one(DISPATCHERS));
            case STOP_DISPATCHER -> stopped("dispatcher", one(DISPATCHERS));
            case FREEZE_DISPATCHER ->
                    frozen(process(one(DISPATCHERS)), Duration.ofSeconds(8 + random.nextInt(13)));
            case KILL_INGRESS -> killed("ingress", one(INGRESSES));
            case KILL_AGGREGATOR -> killed("usage-aggregator", AGGREGATOR);
            case KILL_BROKER -> {
                broker.kill();
                broker = cluster.broker();
            }
            case FREEZE_BROKER -> frozen(broker, Duration.ofSeconds(3 + random.nextInt(5)));
        }
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
        signal(process, "STOP");
        try {
            LockSupport.parkNanos(time.toNanos());
        } finally {
            signal(process, "CONT");
        }
    }

    private static void signal(MillraceProcess process, String name) {
        try {
            int code =
                    new ProcessBuilder("kill", "-" + name, Long.toString(process.handle().pid()))
                            .inheritIO()
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new AssertionError("kill -" + name + " ended with " + code);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
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
