package io.millrace.dispatcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.millrace.dispatcher.execution.ExecutionMeters;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.dispatcher.settlement.SettlementMeters;
import io.millrace.servicekit.admin.MeterDoc;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * The meters of a dispatcher. Providers come from the configuration, so their number is bounded.
 */
public final class DispatcherMeters implements ExecutionMeters, SettlementMeters {

    private static final MeterDoc CALLS =
            new MeterDoc(
                    "millrace_dispatcher_call_seconds",
                    "timer",
                    "Calls to providers by outcome, from the journal's acknowledgement to the end",
                    List.of("provider", "outcome"));
    private static final MeterDoc SETTLED =
            new MeterDoc(
                    "millrace_dispatcher_settled_total",
                    "counter",
                    "Records that were settled",
                    List.of());
    private static final MeterDoc TRANSACTIONS =
            new MeterDoc(
                    "millrace_dispatcher_transaction_seconds",
                    "timer",
                    "Transactions that were committed",
                    List.of());
    private static final MeterDoc FAILED =
            new MeterDoc(
                    "millrace_dispatcher_transactions_failed_total",
                    "counter",
                    "Transactions that failed and were tried again",
                    List.of());
    private static final MeterDoc DROPPED =
            new MeterDoc(
                    "millrace_dispatcher_dropped_total",
                    "counter",
                    "Settlements that were void because their slot had moved",
                    List.of());
    private static final MeterDoc HANDED_OVER =
            new MeterDoc(
                    "millrace_dispatcher_handed_over_total",
                    "counter",
                    "Outcomes of attempts handed over to the next owner of their slot, by outcome",
                    List.of("outcome"));
    private static final MeterDoc ADOPTED =
            new MeterDoc(
                    "millrace_dispatcher_adopted_total",
                    "counter",
                    "Attempts of former owners, by how the wait for their outcome ended: told,"
                            + " process_gone, deadline",
                    List.of("end"));
    private static final MeterDoc SIZE =
            new MeterDoc(
                    "millrace_dispatcher_transaction_records",
                    "summary",
                    "Settlements in a committed transaction",
                    List.of());
    private static final MeterDoc IN_FLIGHT =
            new MeterDoc("millrace_dispatcher_in_flight", "gauge", "Calls that run", List.of());
    private static final MeterDoc UNSETTLED =
            new MeterDoc(
                    "millrace_dispatcher_unsettled",
                    "gauge",
                    "Settlements that wait for their transaction",
                    List.of());
    private static final MeterDoc SLOTS =
            new MeterDoc(
                    "millrace_dispatcher_slots", "gauge", "Slots this process owns", List.of());

    private static final MeterDoc WAITING =
            new MeterDoc(
                    "millrace_dispatcher_waiting",
                    "gauge",
                    "Jobs that were read and wait for their start, by reason",
                    List.of("reason"));
    private static final MeterDoc RESERVATIONS =
            new MeterDoc(
                    "millrace_dispatcher_reservations",
                    "gauge",
                    "Calls for which something of their tenant's quota is held",
                    List.of());

    /** All of them, for the reference page. */
    public static final List<MeterDoc> ALL =
            List.of(
                    CALLS,
                    SETTLED,
                    TRANSACTIONS,
                    SIZE,
                    FAILED,
                    DROPPED,
                    HANDED_OVER,
                    ADOPTED,
                    IN_FLIGHT,
                    UNSETTLED,
                    SLOTS,
                    WAITING,
                    RESERVATIONS);

    private final MeterRegistry registry;
    private final Counter settled;
    private final Counter failed;
    private final Counter dropped;
    private final Timer transactions;
    private final DistributionSummary size;

    DispatcherMeters(MeterRegistry registry) {
        this.registry = registry;
        this.settled = counter(SETTLED);
        this.failed = counter(FAILED);
        this.dropped = counter(DROPPED);
        this.transactions =
                Timer.builder(base(TRANSACTIONS))
                        .description(TRANSACTIONS.help())
                        .register(registry);
        this.size =
                DistributionSummary.builder(SIZE.name())
                        .description(SIZE.help())
                        .register(registry);
    }

    void gauges(IntSupplier inFlight, IntSupplier unsettled, IntSupplier slots) {
        gauge(IN_FLIGHT, inFlight);
        gauge(UNSETTLED, unsettled);
        gauge(SLOTS, slots);
    }

    void quota(Supplier<Map<WaitReason, Integer>> waiting, IntSupplier reservations) {
        for (WaitReason reason : WaitReason.values()) {
            Gauge.builder(base(WAITING), () -> waiting.get().getOrDefault(reason, 0))
                    .description(WAITING.help())
                    .tag("reason", reason.word())
                    .strongReference(true)
                    .register(registry);
        }
        gauge(RESERVATIONS, reservations);
    }

    @Override
    public void called(String provider, Outcome outcome, Duration took) {
        Timer.builder(base(CALLS))
                .description(CALLS.help())
                .tag("provider", provider)
                .tag("outcome", name(outcome))
                .register(registry)
                .record(took);
    }

    @Override
    public void handedOver(String outcome) {
        tagged(HANDED_OVER, "outcome", outcome);
    }

    @Override
    public void adopted(String how) {
        tagged(ADOPTED, "end", how);
    }

    @Override
    public void committed(int settlements, long nanos) {
        settled.increment(settlements);
        size.record(settlements);
        transactions.record(nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void failed() {
        failed.increment();
    }

    @Override
    public void dropped(int settlements) {
        dropped.increment(settlements);
    }

    private static String name(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Completed _ -> "completed";
            case Outcome.Retryable _ -> "retryable";
            case Outcome.Refused _ -> "refused";
            case Outcome.Unknown _ -> "unknown";
        };
    }

    private void tagged(MeterDoc doc, String tag, String value) {
        Counter.builder(base(doc))
                .description(doc.help())
                .tag(tag, value)
                .register(registry)
                .increment();
    }

    private Counter counter(MeterDoc doc) {
        return Counter.builder(base(doc)).description(doc.help()).register(registry);
    }

    private void gauge(MeterDoc doc, IntSupplier value) {
        Gauge.builder(base(doc), value, IntSupplier::getAsInt)
                .description(doc.help())
                .strongReference(true)
                .register(registry);
    }

    // Prometheus' suffixes are added by the registry
    private static String base(MeterDoc doc) {
        return doc.name().replaceAll("_(total|seconds)$", "");
    }
}
