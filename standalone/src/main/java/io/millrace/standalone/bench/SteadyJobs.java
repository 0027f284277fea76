package io.millrace.standalone.bench;

import io.millrace.simulatedprovider.ledger.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntUnaryOperator;

/**
 * Jobs that were begun at fixed times and each waited for.
 *
 * @param took from before the submission to after the result, by job
 */
record SteadyJobs(Map<String, Duration> took) {

    /**
     * Submits and waits for them.
     *
     * @param rate jobs a second
     * @param tenant whose the n-th job is
     */
    static SteadyJobs run(
            Stage stage, int rate, Duration time, String model, IntUnaryOperator tenant)
            throws InterruptedException {
        Client client = stage.client();
        Map<String, Duration> took = new HashMap<>();
        OpenLoop.run(
                        rate,
                        time,
                        n -> {
                            long began = System.nanoTime();
                            int whose = tenant.applyAsInt(n);
                            String job = client.submit(whose, model);
                            client.await(whose, job);
                            return Map.entry(job, Duration.ofNanos(System.nanoTime() - began));
                        })
                .forEach(entry -> took.put(entry.getKey(), entry.getValue()));
        return new SteadyJobs(took);
    }

    /** Returns how long they took. */
    Latencies whole() {
        return new Latencies(List.copyOf(took.values()));
    }

    /** Returns how long they took, each without the time that its call took at the provider. */
    Latencies lessProvider(Stage stage) {
        Map<String, Call.Finished> calls = stage.calls(took.keySet());
        List<Duration> overheads = new ArrayList<>();
        calls.forEach((job, call) ->
                overheads.add(
                        took.getOrDefault(job, Duration.ZERO)
                                .minus(Duration.between(call.started().at(), call.ended().at()))));
        return new Latencies(overheads);
    }
}
