package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.quota.Account;
import io.millrace.dispatcher.quota.Call;
import io.millrace.dispatcher.quota.Decision;
import io.millrace.dispatcher.quota.LimitSet;
import io.millrace.dispatcher.quota.Limits;
import io.millrace.dispatcher.quota.Rates;
import io.millrace.dispatcher.quota.Reservation;
import io.millrace.dispatcher.quota.Use;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.settlement.Drawn;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.RateLeft;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Tokens;
import io.millrace.schemas.money.Usage;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The accounts of the tenants whose slots this process owns: what each may still start.
 *
 * <p>An account is opened from the slot's ledger and from what the journal says of former owners'
 * attempts, and is forgotten when the ledger tells all of it, or the slot is lost. Thread-safe.
 */
class Allowance {

    private final Supplier<Catalogue> catalogue;
    private final Map<OwnedSlot, SlotAccounts> slots = new HashMap<>();

    Allowance(Supplier<Catalogue> catalogue) {
        this.catalogue = catalogue;
    }

    /** Decides whether a job's next attempt may start, and if so holds the most it may use. */
    synchronized Decision reserve(Job job, Route route, TokenBounds bounds, Instant now) {
        Submit submit = job.submit();
        Reservation wanted =
                new Reservation(
                        call(job),
                        submit.getKeyId(),
                        route.model(),
                        bounds.input().plus(bounds.output()),
                        most(route, bounds),
                        submit.getSynchronous(),
                        now);
        return account(job.slot(), job.tenant())
                .reserve(wanted, limits(submit.getTenant(), submit.getKeyId(), route.model()));
    }

    /** Takes note of what a job's next attempt came to, which was granted. */
    synchronized void ended(Job job, Use use) {
        ended(job.slot(), job.tenant(), call(job), use);
    }

    /** Takes note of what an attempt came to, which may be a former owner's. */
    synchronized void ended(OwnedSlot slot, TenantId tenant, Call call, Use use) {
        account(slot, tenant).ended(call, use);
    }

    /** Returns what is left of the limits a minute that bind a tenant's key and a model. */
    synchronized Rates rates(
            OwnedSlot slot, TenantId tenant, String key, String asked, Instant now) {
        String model = model(asked);
        return account(slot, tenant).rates(key, model, limits(tenant.value(), key, model), now);
    }

    /** Charges what ends to its tenant; returns the settlement with the calls made for it. */
    synchronized Settlement charged(Settlement settlement) {
        return switch (settlement.ending()) {
            case Terminal(InferenceResult result, UsageRecord usage, _) -> {
                TenantId tenant = new TenantId(usage.getTenant());
                String model = model(usage.getModel());
                List<Account.Made> calls =
                        account(settlement.slot(), tenant)
                                .charge(
                                        new JobId(usage.getJobId()),
                                        usage.getKeyId(),
                                        model,
                                        usage.getUsage(),
                                        new NanoDollars(usage.getCostNanoUsd()),
                                        usage.getCompletedAt());
                Rates rates =
                        rates(
                                settlement.slot(),
                                tenant,
                                usage.getKeyId(),
                                model,
                                usage.getCompletedAt());
                // nobody else has the record yet
                result.put("requestsLeft", left(rates.requests()));
                result.put("tokensLeft", left(rates.tokens()));
                yield settlement.with(drawn(tenant, usage.getKeyId(), model, calls));
            }
            case Moved moved when moved.record().getSubmit() != null -> {
                Submit submit = moved.record().getSubmit();
                TenantId tenant = new TenantId(submit.getTenant());
                List<Account.Made> calls =
                        account(settlement.slot(), tenant).moved(new JobId(submit.getJobId()));
                yield settlement.with(
                        drawn(tenant, submit.getKeyId(), model(submit.getModel()), calls));
            }
            default -> settlement;
        };
    }

    /**
     * Forgets lost slots, what former owners' calls hold beyond their deadlines, and accounts of
     * which the ledger tells all.
     */
    synchronized void forget(Instant now) {
        slots.keySet().removeIf(slot -> !slot.isOwned());
        slots.values().forEach(each -> each.forget(now));
    }

    /** Returns how many calls are held. */
    synchronized int held() {
        return slots.values().stream().mapToInt(SlotAccounts::held).sum();
    }

    /** Returns how many accounts are open. */
    synchronized int accounts() {
        return slots.values().stream().mapToInt(SlotAccounts::size).sum();
    }

    private Account account(OwnedSlot slot, TenantId tenant) {
        return slots.computeIfAbsent(slot, _ -> new SlotAccounts(slot, this::model)).of(tenant);
    }

    private static @Nullable RateLeft left(Optional<Rates.Left> left) {
        return left.map(each ->
                        new RateLeft(each.limit(), each.remaining(), each.reset().toMillis()))
                .orElse(null);
    }

    private LimitSet limits(String tenantName, String key, String model) {
        Catalogue known = catalogue.get();
        TenantState tenant = known.tenant(tenantName).orElse(NOBODY);
        return new LimitSet(
                Limits.of(tenant),
                known.key(key).map(Limits::of).orElse(Limits.NONE),
                tenant.getModels().stream()
                        .filter(each -> each.getModel().equals(model))
                        .findFirst()
                        .map(Limits::of)
                        .orElse(Limits.NONE));
    }

    private static final TenantState NOBODY = TenantState.newBuilder().setName("nobody").build();

    // by whichever of its names it was asked for
    private String model(String name) {
        return catalogue.get().route(name).map(Route::model).orElse(name);
    }

    private static Call call(Job job) {
        return new Call(job.id(), job.progress().attempts() + 1);
    }

    static NanoDollars most(Route route, TokenBounds bounds) {
        return route.price()
                .cost(new Usage(bounds.input(), bounds.output(), Tokens.NONE, Tokens.NONE, true));
    }

    private static Drawn drawn(
            TenantId tenant, String key, String model, List<Account.Made> calls) {
        return new Drawn(
                tenant,
                key,
                model,
                calls.stream()
                        .map(each -> new Drawn.Draw(each.call().at(), each.tokens()))
                        .toList());
    }
}
