package io.millrace.standalone.bench;

import java.time.Duration;
import java.util.List;

/** How long a job takes at a steady rate, the provider's own time taken off. */
record Overhead(int rate) implements Measurement {

    @Override
    public String title() {
        return "overhead at %d jobs/s".formatted(rate);
    }

    @Override
    public List<Figure> on(Stage stage) throws InterruptedException {
        Duration time = stage.plan().overhead();
        Latencies bare = stage.floor().latency(rate, time);
        Latencies ours =
                SteadyJobs.run(stage, rate, time, BenchConfig.STEADY, n -> n).lessProvider(stage);
        return List.of(50.0, 99.0).stream()
                .map(percent ->
                        new Figure(
                                "submit to result less provider, %d jobs/s, p%.0f"
                                        .formatted(rate, percent),
                                "ms",
                                ours.millis(percent),
                                bare.millis(percent)))
                .toList();
    }
}
