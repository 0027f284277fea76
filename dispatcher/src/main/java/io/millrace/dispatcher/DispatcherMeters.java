package io.millrace.dispatcher;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.millrace.dispatcher.execution.ExecutionMeters;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.dispatcher.routing.Capacity;
import io.millrace.dispatcher.routing.TargetController;
import io.millrace.dispatcher.settlement.SettlementMeters;
import io.millrace.servicekit.admin.MeterDoc;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

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
    private static final MeterDoc FENCES =
            new MeterDoc(
                    "millrace_dispatcher_fences_total",
                    "counter",
                    "Producers that were shut out, by whose: expelled and fenced are this process's"
                            + " own, dead those of others that it fenced when it took slots over",
                    List.of("whom"));
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

    private static final MeterDoc TARGET_LIMIT =
            target(
                    "limit",
                    "Calls that may run at a target at the same time; 0 while it is closed");
    private static final MeterDoc TARGET_IN_FLIGHT =
            target("in_flight", "Calls that run at a target");
    private static final MeterDoc TARGET_STATE =
            target("state", "What a target is open to: 2 calls, 1 a single probe, 0 nothing");
    private static final MeterDoc TARGET_RETRIES =
            target("retry_budget", "Retries that a target's budget allows");

    /** All of them, for the reference page. */
    public static final List<MeterDoc> ALL =
            List.of(
                    CALLS,
                    SETTLED,
                    TRANSACTIONS,
                    SIZE,
                    FAILED,
                    DROPPED,
                    FENCES,
                    HANDED_OVER,
                    ADOPTED,
                    IN_FLIGHT,
                    UNSETTLED,
                    SLOTS,
                    WAITING,
                    RESERVATIONS,
                    TARGET_LIMIT,
                    TARGET_IN_FLIGHT,
                    TARGET_STATE,
                    TARGET_RETRIES);

    private final MeterRegistry registry;
    private final MultiGauge limits;
    private final MultiGauge running;
    private final MultiGauge states;
    private final MultiGauge retries;
    private final Counter settled;
    private final Counter failed;
    private final Counter dropped;
    private final Timer transactions;
    private final DistributionSummary size;

    DispatcherMeters(MeterRegistry registry) {
        this.registry = registry;
        this.limits = targets(TARGET_LIMIT);
        this.running = targets(TARGET_IN_FLIGHT);
        this.states = targets(TARGET_STATE);
        this.retries = targets(TARGET_RETRIES);
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
    public void targets(List<Capacity.Standing> standings) {
        rows(limits, standings, Capacity.Standing::limit);
        rows(running, standings, Capacity.Standing::inFlight);
        rows(states, standings, standing -> state(standing.state()));
        rows(retries, standings, Capacity.Standing::retriesLeft);
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
    public void fenced(String whom) {
        tagged(FENCES, "whom", whom);
    }

    /** Producers of dead processes were fenced. */
    void fencedTheDead(int producers) {
        for (int i = 0; i < producers; i++) {
            fenced("dead");
        }
    }

    @Override
    public void dropped(int settlements) {
        dropped.increment(settlements);
    }

    private static MeterDoc target(String what, String help) {
        return new MeterDoc(
                "millrace_dispatcher_target_" + what, "gauge", help, List.of("provider", "model"));
    }

    private MultiGauge targets(MeterDoc doc) {
        return MultiGauge.builder(base(doc)).description(doc.help()).register(registry);
    }

    // targets come from the configuration, so their number is bounded
    private static void rows(
            MultiGauge gauge,
            List<Capacity.Standing> standings,
            ToDoubleFunction<Capacity.Standing> value) {
        List<MultiGauge.Row<?>> rows = new ArrayList<>();
        for (Capacity.Standing standing : standings) {
            Tags tags =
                    Tags.of(
                            "provider",
                            standing.target().provider(),
                            "model",
                            standing.target().model());
            rows.add(MultiGauge.Row.of(tags, value.applyAsDouble(standing)));
        }
        gauge.register(rows, true);
    }

    private static int state(TargetController.State state) {
        return switch (state) {
            case OPEN -> 2;
            case PROBING -> 1;
            case CLOSED -> 0;
        };
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
