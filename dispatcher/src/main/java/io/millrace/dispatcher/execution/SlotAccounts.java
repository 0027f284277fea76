package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.quota.Account;
import io.millrace.dispatcher.quota.Call;
import io.millrace.dispatcher.quota.Reservation;
import io.millrace.dispatcher.quota.Use;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Tokens;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * The accounts of the tenants of one slot, opened from its ledger and from what the journal says of
 * former owners' attempts. Not thread-safe: {@link Allowance} locks.
 */
final class SlotAccounts {

    private final OwnedSlot slot;
    private final UnaryOperator<String> models;
    private final Map<TenantId, Account> open = new HashMap<>();
    // what former owners had begun for tenants that have no account yet
    private final Map<TenantId, List<PriorAttempt>> inherited = new HashMap<>();
    // what they had begun for the others, until its deadline
    private final List<PriorAttempt> restored = new ArrayList<>();

    /**
     * Has no account yet.
     *
     * @param models returns the name under which calls of a model are counted
     */
    SlotAccounts(OwnedSlot slot, UnaryOperator<String> models) {
        this.slot = slot;
        this.models = models;
        for (PriorAttempt each : slot.priorAttempts()) {
            inherited
                    .computeIfAbsent(
                            new TenantId(each.started().getTenant()), _ -> new ArrayList<>())
                    .add(each);
        }
    }

    /** Returns a tenant's account, which is opened if it was not. */
    Account of(TenantId tenant) {
        return open.computeIfAbsent(
                tenant,
                _ -> {
                    Account opened = new Account(tenant, new SettledSums(slot, tenant));
                    List<PriorAttempt> prior = inherited.remove(tenant);
                    if (prior != null) {
                        prior.forEach(each -> restore(opened, each));
                        restored.addAll(prior);
                    }
                    return opened;
                });
    }

    /**
     * Forgets what former owners' calls hold beyond their deadlines, and accounts of which the
     * ledger tells all.
     */
    void forget(Instant now) {
        restored.removeIf(prior -> isOver(prior.started(), now));
        open.values().removeIf(account -> account.isIdle(now));
    }

    /** Returns how many calls are held. */
    int held() {
        return open.values().stream().mapToInt(Account::held).sum();
    }

    /** Returns how many accounts are open. */
    int size() {
        return open.size();
    }

    // whoever reads the job tells of the call long before; but its record may lie far back
    private boolean isOver(AttemptStarted started, Instant now) {
        if (now.isBefore(started.getDeadline())) {
            return false;
        }
        Account account = open.get(new TenantId(started.getTenant()));
        if (account != null) {
            account.ended(call(started), new Use.Unknown());
        }
        return true;
    }

    private void restore(Account account, PriorAttempt prior) {
        AttemptStarted started = prior.started();
        Call call = call(started);
        account.restore(
                new Reservation(
                        call,
                        started.getKeyId(),
                        models.apply(started.getModel()),
                        new Tokens(started.getEstimatedInputTokens())
                                .plus(new Tokens(started.getMaxOutputTokens())),
                        new NanoDollars(started.getReservedNanoUsd()),
                        false,
                        started.getStartedAt()));
        switch (prior.end()) {
            case OPEN -> {}
            case RETRYABLE -> account.ended(call, new Use.Nothing());
            case NOT_MADE -> account.ended(call, new Use.NotCalled());
            case UNKNOWN -> account.ended(call, new Use.Unknown());
        }
    }

    private static Call call(AttemptStarted started) {
        return new Call(new JobId(started.getJobId()), started.getAttempt());
    }
}
