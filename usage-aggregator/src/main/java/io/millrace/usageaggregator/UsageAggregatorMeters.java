package io.millrace.usageaggregator;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.servicekit.admin.MeterDoc;
import io.millrace.usageaggregator.query.QueryObserver;
import io.millrace.usageaggregator.usage.IntakeObserver;
import java.time.Duration;
import java.util.List;

/** The meters of a usage-aggregator; Kafka Streams adds its own. Thread-safe. */
public final class UsageAggregatorMeters implements IntakeObserver, QueryObserver {

    private static final MeterDoc COUNTED =
            new MeterDoc(
                    "millrace_usage_counted_total",
                    "counter",
                    "Usage records that were counted in the cube; after an aborted transaction"
                            + " some are counted here again",
                    List.of());
    private static final MeterDoc DEAD_LETTERS =
            new MeterDoc(
                    "millrace_usage_dead_letters_total",
                    "counter",
                    "Records of usage that were no bill and went to the dead letters",
                    List.of());
    private static final MeterDoc SEEN_AGAIN =
            new MeterDoc(
                    "millrace_usage_seen_again_total",
                    "counter",
                    "Records of usage that came again after they were counted, and were left out",
                    List.of());
    private static final MeterDoc DELAY =
            new MeterDoc(
                    "millrace_usage_delay_seconds",
                    "timer",
                    "Time from the end of a job to its being counted",
                    List.of());
    private static final MeterDoc QUERIES =
            new MeterDoc(
                    "millrace_usage_query_seconds",
                    "timer",
                    "Questions that were answered, by report and HTTP status",
                    List.of("report", "status"));

    /** All of them, for the reference page. */
    public static final List<MeterDoc> ALL =
            List.of(COUNTED, DEAD_LETTERS, SEEN_AGAIN, DELAY, QUERIES);

    private final MeterRegistry registry;
    private final Counter counted;
    private final Counter deadLetters;
    private final Counter seenAgain;
    private final Timer delay;

    UsageAggregatorMeters(MeterRegistry registry) {
        this.registry = registry;
        this.counted = counter(COUNTED);
        this.deadLetters = counter(DEAD_LETTERS);
        this.seenAgain = counter(SEEN_AGAIN);
        this.delay = Timer.builder(base(DELAY)).description(DELAY.help()).register(registry);
    }

    @Override
    public void counted(Duration sinceEnd) {
        counted.increment();
        delay.record(sinceEnd);
    }

    @Override
    public void deadLettered() {
        deadLetters.increment();
    }

    @Override
    public void seenAgain() {
        seenAgain.increment();
    }

    @Override
    public void answered(String report, int status, Duration took) {
        Timer.builder(base(QUERIES))
                .description(QUERIES.help())
                .tag("report", report)
                .tag("status", String.valueOf(status))
                .register(registry)
                .record(took);
    }

    private Counter counter(MeterDoc doc) {
        return Counter.builder(base(doc)).description(doc.help()).register(registry);
    }

    // Prometheus' suffixes are added by the registry
    private static String base(MeterDoc doc) {
        return doc.name().replaceAll("_(total|seconds)$", "");
    }
}
