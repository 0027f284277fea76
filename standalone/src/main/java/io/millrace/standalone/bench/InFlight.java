package io.millrace.standalone.bench;

import io.millrace.simulatedprovider.ledger.Call;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What one dispatcher needs while very many long calls run at the same time. */
record InFlight(int tenants) implements Measurement {

    private static final int SUBMITTERS = 64;

    @Override
    public String title() {
        return "many long calls at the same time, of %d tenants".formatted(tenants);
    }

    @Override
    public List<Figure> on(Stage stage) throws InterruptedException {
        int calls = stage.plan().longCalls();
        Set<String> jobs = ConcurrentHashMap.newKeySet();
        try (TopicTail results = stage.results();
                Footprint footprint = Footprint.of(stage.cluster().pid("dispatcher"))) {
            ClosedLoop.of(
                    SUBMITTERS,
                    calls,
                    n -> jobs.add(stage.client().submit(n % tenants, BenchConfig.LONG)));
            results.await(calls, Stage.PATIENCE, _ -> {});
            String of = "calls in flight, %d tenants: ".formatted(tenants);
            return List.of(
                    new Figure(of + "most at once", "calls", most(stage.calls(jobs)), 0),
                    new Figure(of + "dispatcher's memory", "MiB RSS", footprint.mebibytes(), 0),
                    new Figure(of + "its platform threads", "threads", footprint.threads(), 0));
        }
    }

    /** Returns how many calls ran at the same time at the provider, at most. */
    private static int most(Map<String, Call.Finished> calls) {
        record Step(Instant at, int change) {}
        List<Step> steps = new ArrayList<>();
        calls.values()
                .forEach(call -> {
                    steps.add(new Step(call.started().at(), 1));
                    steps.add(new Step(call.ended().at(), -1));
                });
        steps.sort(Comparator.comparing(Step::at).thenComparingInt(Step::change));
        int running = 0;
        int most = 0;
        for (Step step : steps) {
            running += step.change();
            most = Math.max(most, running);
        }
        return most;
    }
}
