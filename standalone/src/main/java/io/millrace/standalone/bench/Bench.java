package io.millrace.standalone.bench;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A benchmark run: each figure of the services beside the floor measured just before it. */
public final class Bench {

    private static final int FEW = 16;
    private static final int MANY = 64;

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
        try (BenchCluster cluster = BenchCluster.start(folder, plan, random);
                Floor floor = Floor.on(cluster.bootstrapServers());
                Client client = new Client(cluster.ingress(), cluster.keys())) {
            Stage stage = new Stage(plan, cluster, floor, client);
            tell("warming up");
            floor.accepting(FEW, plan.warmUp());
            stage.accepted(MANY, plan.warmUp());
            List<Figure> figures = new ArrayList<>();
            for (Measurement measurement : measurements()) {
                tell(measurement.title());
                figures.addAll(measurement.on(stage));
            }
            return new Figures(plan, figures);
        }
    }

    private List<Measurement> measurements() {
        List<Measurement> all = new ArrayList<>();
        all.add(new Accepting(FEW));
        all.add(new Accepting(MANY));
        plan.rates().forEach(rate -> all.add(new Overhead(rate)));
        all.add(new EndToEnd(MANY));
        all.add(new Flood());
        all.add(new InFlight(1));
        all.add(new InFlight(BenchConfig.TENANTS));
        return all;
    }

    private void tell(String step) {
        out.println("… " + step);
        out.flush();
    }
}
