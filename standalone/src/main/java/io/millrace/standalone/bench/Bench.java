package io.millrace.standalone.bench;

import io.millrace.schemas.topic.Topic;
import io.millrace.simulatedprovider.ledger.Call;
import io.millrace.simulatedprovider.ledger.LedgerFile;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/** A benchmark run: each figure of the services beside the floor measured just before it. */
public final class Bench {

    private static final String BROKER = "broker";
    private static final int FEW = 16;
    private static final int MANY = 64;
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final BenchPlan plan;
    private final PrintWriter out;

    /**
     * @param out where progress is told
     */
    public Bench(BenchPlan plan, PrintWriter out) {
        this.plan = plan;
        this.out = out;
    }

    /** Runs it below a folder. */
    public Figures run(Path folder, RandomGenerator random) throws InterruptedException {
        tell("starting simulated provider, broker and services as processes");
        try (BenchCluster cluster = BenchCluster.start(folder, random);
                Floor floor = Floor.on(cluster.bootstrapServers());
                Client client = new Client(cluster.ingress(), cluster.keys())) {
            tell("warming up");
            floor.accepting(FEW, plan.warmUp());
            accepting(cluster, client, FEW, plan.warmUp());
            List<Figure> figures = new ArrayList<>();
            for (int connections : List.of(FEW, MANY)) {
                figures.add(accepted(cluster, floor, client, connections));
            }
            figures.addAll(overhead(cluster, floor, client));
            figures.addAll(endToEnd(cluster, floor, client));
            return new Figures(plan, figures);
        }
    }

    private Figure accepted(BenchCluster cluster, Floor floor, Client client, int connections)
            throws InterruptedException {
        tell("accepting on %d connections".formatted(connections));
        double bare = floor.accepting(connections, plan.accepting());
        double jobs = accepting(cluster, client, connections, plan.accepting());
        return new Figure("accepted, %d connections".formatted(connections), "jobs/s", jobs, bare);
    }

    /** Lets what was accepted end, so that the next figure begins with empty topics. */
    private double accepting(BenchCluster cluster, Client client, int connections, Duration time)
            throws InterruptedException {
        try (TopicTail results = results(cluster)) {
            ClosedLoop loop =
                    ClosedLoop.lasting(
                            connections, time, n -> client.submit(n, BenchConfig.INSTANT));
            results.await(loop.calls(), PATIENCE, _ -> {});
            return loop.rate();
        }
    }

    private List<Figure> overhead(BenchCluster cluster, Floor floor, Client client)
            throws InterruptedException {
        tell("overhead at %d jobs/s".formatted(plan.rate()));
        Latencies bare = floor.latency(plan.rate(), plan.overhead());
        Map<String, Duration> total = new HashMap<>();
        OpenLoop.run(
                        plan.rate(),
                        plan.overhead(),
                        n -> {
                            long began = System.nanoTime();
                            String job = client.submit(n, BenchConfig.STEADY);
                            client.await(n, job);
                            return Map.entry(job, Duration.ofNanos(System.nanoTime() - began));
                        })
                .forEach(entry -> total.put(entry.getKey(), entry.getValue()));
        List<Duration> overheads = new ArrayList<>();
        for (Call call : LedgerFile.calls(cluster.ledger())) {
            Duration whole = total.get(call.started().job());
            if (whole != null && call instanceof Call.Finished(var started, var ended)) {
                overheads.add(whole.minus(Duration.between(started.at(), ended.at())));
            }
        }
        if (overheads.size() != total.size()) {
            throw new BenchException(
                    "%d jobs, but %d calls in the provider's ledger"
                            .formatted(total.size(), overheads.size()));
        }
        Latencies ours = new Latencies(overheads);
        return List.of(50.0, 99.0).stream()
                .map(percent ->
                        new Figure(
                                "submit to result less provider, %d jobs/s, p%.0f"
                                        .formatted(plan.rate(), percent),
                                "ms",
                                ours.millis(percent),
                                bare.millis(percent)))
                .toList();
    }

    private List<Figure> endToEnd(BenchCluster cluster, Floor floor, Client client)
            throws InterruptedException {
        tell("%d jobs from end to end".formatted(plan.jobs()));
        Duration idle = used(cluster.cpu(), BROKER);
        double bare = floor.endToEnd(MANY, plan.jobs());
        Map<String, Duration> before = cluster.cpu();
        Duration bareCpu = used(before, BROKER).minus(idle);
        double rate;
        try (TopicTail results = results(cluster)) {
            long began = System.nanoTime();
            ClosedLoop.of(MANY, plan.jobs(), n -> client.submit(n, BenchConfig.INSTANT));
            results.await(plan.jobs(), PATIENCE, _ -> {});
            rate = plan.jobs() / ((System.nanoTime() - began) / 1e9);
        }
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("end to end, instant provider", "jobs/s", rate, bare));
        cluster.cpu()
                .forEach((process, used) ->
                        figures.add(
                                new Figure(
                                        "CPU of " + process,
                                        "s/1000 jobs",
                                        perThousand(used.minus(used(before, process))),
                                        process.equals(BROKER) ? perThousand(bareCpu) : 0)));
        return figures;
    }

    private static Duration used(Map<String, Duration> cpu, String process) {
        return cpu.getOrDefault(process, Duration.ZERO);
    }

    private double perThousand(Duration cpu) {
        return cpu.toNanos() / 1e9 / plan.jobs() * 1000;
    }

    private static TopicTail results(BenchCluster cluster) {
        return new TopicTail(cluster.bootstrapServers(), Topic.RESULTS.topicName());
    }

    private void tell(String step) {
        out.println("… " + step);
        out.flush();
    }
}
