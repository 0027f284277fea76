package io.millrace.dispatcher.quota;

import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that limits a tenant: asked before each attempt of its jobs, told of each attempt's end and
 * of each job's.
 *
 * <p>Time and state go in, a decision comes out. Since a tenant lives in one slot and a slot has
 * one owner, an account knows all calls of its tenant. Not thread-safe.
 */
public final class Account {

    private final TenantId tenant;
    private final Ledgers ledgers;
    private final Meter whole;
    private final Map<String, Meter> keys = new HashMap<>();
    private final Map<String, Meter> models = new HashMap<>();
    private final Map<JobId, Work> jobs = new HashMap<>();
    private int held;

    /** What the ledger says was settled. */
    public interface Ledgers {

        /** Returns the sums of the tenant as a whole. */
        SpendLedger tenant();

        /** Returns the sums of one of its keys. */
        SpendLedger key(String id);

        /** Returns the sums of one model it uses. */
        SpendLedger model(String name);
    }

    /**
     * A call that was made for a job that is not settled.
     *
     * @param tokens what the window counts for it
     */
    public record Made(Reservation call, Use use, long tokens) {}

    /** The calls of one job: those that run and those that were made. */
    private record Work(List<Reservation> open, List<Made> made) {}

    /** Opens the account of a tenant as the ledger has it. */
    public Account(TenantId tenant, Ledgers ledgers) {
        this.tenant = tenant;
        this.ledgers = ledgers;
        this.whole = new Meter("tenant " + tenant, WaitReason.TENANT_CONCURRENCY, ledgers.tenant());
    }

    /** Decides whether a call may start now, and if so holds the most it may use. */
    public Decision reserve(Reservation wanted, LimitSet limits) {
        Optional<Decision> obstacle =
                Meter.stricter(
                        whole.obstacle(limits.tenant(), wanted),
                        Meter.stricter(
                                key(wanted.key()).obstacle(limits.key(), wanted),
                                model(wanted.model()).obstacle(limits.model(), wanted)));
        if (obstacle.isPresent()) {
            return obstacle.get();
        }
        restore(wanted);
        return new Decision.Granted();
    }

    /** Holds what a call that has started already may use, whatever the limits say. */
    public void restore(Reservation started) {
        held++;
        jobs.computeIfAbsent(
                        started.call().job(), _ -> new Work(new ArrayList<>(1), new ArrayList<>(1)))
                .open()
                .add(started);
        meters(started).forEach(meter -> meter.start(started));
    }

    /** Takes note of what a call came to; without effect when it is known already. */
    public void ended(Call call, Use use) {
        Work work = jobs.get(call.job());
        if (work == null) {
            return;
        }
        work.open().stream()
                .filter(each -> each.call().equals(call))
                .findFirst()
                .ifPresent(each -> end(work, each, use));
        if (work.open().isEmpty() && work.made().isEmpty()) {
            jobs.remove(call.job());
        }
    }

    private void end(Work work, Reservation call, Use use) {
        held--;
        work.open().remove(call);
        meters(call).forEach(meter -> meter.end(call, use));
        switch (use) {
            case Use.NotCalled() -> {}
            case Use.Nothing() -> work.made().add(new Made(call, use, 0));
            case Use.Known(var used, _) -> work.made().add(new Made(call, use, used.count()));
            case Use.Unknown() -> work.made().add(new Made(call, use, call.tokens().count()));
        }
    }

    /** Takes note that a job goes on elsewhere in the log; returns the calls made for it. */
    public List<Made> moved(JobId job) {
        return close(job);
    }

    /** Charges a job that has ended; returns the calls made for it. */
    public List<Made> charge(
            JobId job, String key, String model, TokenUsage usage, NanoDollars cost, Instant at) {
        whole.charge(usage, cost, at);
        key(key).charge(usage, cost, at);
        model(model).charge(usage, cost, at);
        return close(job);
    }

    /** Returns what calls with a key, for a model, may still start within the minute. */
    public Rates rates(String key, String model, LimitSet limits, Instant now) {
        return whole.rates(limits.tenant(), now)
                .nearest(key(key).rates(limits.key(), now))
                .nearest(model(model).rates(limits.model(), now));
    }

    /** Returns how many calls are held. */
    public int held() {
        return held;
    }

    /** Forgets keys and models of which the ledger tells all; returns whether nothing is left. */
    public boolean isIdle(Instant now) {
        keys.entrySet().removeIf(each -> each.getValue().isIdle(ledgers.key(each.getKey()), now));
        models.entrySet()
                .removeIf(each -> each.getValue().isIdle(ledgers.model(each.getKey()), now));
        return keys.isEmpty()
                && models.isEmpty()
                && jobs.isEmpty()
                && whole.isIdle(ledgers.tenant(), now);
    }

    private List<Made> close(JobId job) {
        Work work = jobs.remove(job);
        if (work == null) {
            return List.of();
        }
        // a call that is still open ends with its job: nobody will tell of it any more
        List.copyOf(work.open()).forEach(call -> end(work, call, new Use.Unknown()));
        for (Made call : work.made()) {
            if (call.use() instanceof Use.Known known) {
                meters(call.call()).forEach(meter -> meter.release(known));
            }
        }
        return work.made();
    }

    private List<Meter> meters(Reservation call) {
        return List.of(whole, key(call.key()), model(call.model()));
    }

    private Meter key(String id) {
        return keys.computeIfAbsent(
                id, _ -> new Meter("API key " + id, WaitReason.KEY_CONCURRENCY, ledgers.key(id)));
    }

    private Meter model(String name) {
        return models.computeIfAbsent(
                name,
                _ ->
                        new Meter(
                                "tenant %s for model %s".formatted(tenant, name),
                                WaitReason.MODEL_CONCURRENCY,
                                ledgers.model(name)));
    }
}
