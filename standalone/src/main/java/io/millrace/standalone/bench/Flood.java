package io.millrace.standalone.bench;

import io.millrace.simulatedprovider.ledger.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What others notice while one tenant floods a provider of few slots, and how busy that provider
 * is.
 */
record Flood() implements Measurement {

    private static final int SUBMITTERS = 64;
    private static final int RATE = 20;
    // tenant 0 floods
    private static final int OTHERS = 15;

    @Override
    public String title() {
        return "one tenant floods %d slots".formatted(BenchConfig.NARROW_SLOTS);
    }

    @Override
    public List<Figure> on(Stage stage) throws InterruptedException {
        Duration time = stage.plan().overhead();
        Latencies quiet = others(stage, time);
        Set<String> flood = ConcurrentHashMap.newKeySet();
        Latencies flooded;
        try (TopicTail results = stage.results()) {
            ClosedLoop.of(
                    SUBMITTERS,
                    stage.plan().flood(),
                    _ -> flood.add(stage.client().submit(0, BenchConfig.NARROW)));
            flooded = others(stage, time);
            results.await(
                    flood.size() + Math.toIntExact(RATE * time.toSeconds()),
                    Stage.PATIENCE,
                    _ -> {});
        }
        return List.of(
                new Figure("others beside a flood, p50", "ms", flooded.millis(50), 0),
                new Figure("  the same in quiet", "ms", quiet.millis(50), 0),
                new Figure("others beside a flood, p99", "ms", flooded.millis(99), 0),
                new Figure("  the same in quiet", "ms", quiet.millis(99), 0),
                new Figure(
                        "%d slots of 200 ms kept busy".formatted(BenchConfig.NARROW_SLOTS),
                        "per cent",
                        busy(stage.calls(flood).values()) * 100,
                        0));
    }

    private static Latencies others(Stage stage, Duration time) throws InterruptedException {
        return SteadyJobs.run(stage, RATE, time, BenchConfig.NARROW, n -> 1 + n % OTHERS).whole();
    }

    /** Returns the share of the slots' time that calls filled, from the first start to the last. */
    private static double busy(Collection<Call.Finished> calls) {
        List<Instant> starts = new ArrayList<>();
        calls.forEach(call -> starts.add(call.started().at()));
        starts.sort(null);
        Instant first = starts.getFirst();
        Instant last = starts.getLast();
        long filled = 0;
        for (Call.Finished call : calls) {
            Instant end = call.ended().at().isAfter(last) ? last : call.ended().at();
            filled += Duration.between(call.started().at(), end).toNanos();
        }
        return (double) filled
                / (Duration.between(first, last).toNanos() * (double) BenchConfig.NARROW_SLOTS);
    }
}
