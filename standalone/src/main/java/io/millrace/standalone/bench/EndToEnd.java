package io.millrace.standalone.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How many jobs a second come through as a whole, and what each process spends on them. */
record EndToEnd(int connections) implements Measurement {

    private static final String BROKER = "broker";

    @Override
    public String title() {
        return "jobs from end to end";
    }

    @Override
    public List<Figure> on(Stage stage) throws InterruptedException {
        int jobs = stage.plan().jobs();
        Duration idle = used(stage.cluster().cpu(), BROKER);
        double bare = stage.floor().endToEnd(connections, jobs);
        Map<String, Duration> before = stage.cluster().cpu();
        Duration bareCpu = used(before, BROKER).minus(idle);
        double rate;
        try (TopicTail results = stage.results()) {
            long began = System.nanoTime();
            ClosedLoop.of(connections, jobs, n -> stage.client().submit(n, BenchConfig.INSTANT));
            results.await(jobs, Stage.PATIENCE, _ -> {});
            rate = jobs / ((System.nanoTime() - began) / 1e9);
        }
        Map<String, Duration> after = stage.cluster().cpu();
        List<Figure> figures = new ArrayList<>();
        figures.add(new Figure("end to end, instant provider", "jobs/s", rate, bare));
        Duration all = Duration.ZERO;
        for (Map.Entry<String, Duration> process : after.entrySet()) {
            Duration spent = process.getValue().minus(used(before, process.getKey()));
            all = all.plus(spent);
            figures.add(
                    new Figure(
                            "CPU of " + process.getKey(),
                            "s/1000 jobs",
                            perThousand(spent, jobs),
                            process.getKey().equals(BROKER) ? perThousand(bareCpu, jobs) : 0));
        }
        figures.add(new Figure("CPU of all of them", "s/1000 jobs", perThousand(all, jobs), 0));
        return figures;
    }

    private static Duration used(Map<String, Duration> cpu, String process) {
        return cpu.getOrDefault(process, Duration.ZERO);
    }

    private static double perThousand(Duration cpu, int jobs) {
        return cpu.toNanos() / 1e9 / jobs * 1000;
    }
}
