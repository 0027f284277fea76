package io.millrace.dispatcher.quota;

import io.millrace.dispatcher.quota.Decision.Refused;
import io.millrace.dispatcher.quota.Decision.Wait;
import io.millrace.schemas.avro.SpendLedger;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.SpendTally;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What one tenant, key or model holds and has spent, against which limits are asked.
 *
 * <p>What is spent and what is held are never in both: a call's money is held from before its start
 * until its job is charged, first at most and then as it was. Not thread-safe.
 */
final class Meter {

    private final String whose;
    private final WaitReason concurrency;
    private final Window window;
    private final SpendTally spent;
    private long running;
    private long heldNano;
    private long heldTokens;

    /**
     * Goes on from what the ledger says.
     *
     * @param whose what messages call it, such as "tenant acme"
     * @param concurrency the reason when as many calls run as may
     */
    Meter(String whose, WaitReason concurrency, SpendLedger settled) {
        this.whose = whose;
        this.concurrency = concurrency;
        this.window = Window.from(settled.getWindow());
        this.spent = SpendTally.from(settled);
    }

    /** Returns what stands in the way of a call; nothing when it may start. */
    Optional<Decision> obstacle(Limits limits, Reservation wanted) {
        window.advance(wanted.at());
        spent.enter(wanted.at());
        long tokens = wanted.tokens().count();
        if (tokens > limits.tokensPerMinute()) {
            return Optional.of(tooLarge(limits, tokens));
        }
        Optional<Decision> full =
                running < limits.concurrency()
                        ? Optional.empty()
                        : Optional.of(new Wait(Instant.MAX, concurrency));
        return stricter(
                stricter(day(limits, wanted), month(limits, wanted)),
                stricter(minute(limits, wanted), full));
    }

    /** Returns a refusal before a wait, and a longer wait before a shorter one. */
    static Optional<Decision> stricter(Optional<Decision> one, Optional<Decision> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.or(() -> other);
        }
        return rank(other.get()).isAfter(rank(one.get())) ? other : one;
    }

    private static Instant rank(Decision decision) {
        return switch (decision) {
            case Decision.Granted() -> Instant.MIN;
            case Wait(Instant until, _) ->
                    until.equals(Instant.MAX) ? Instant.MAX.minusSeconds(1) : until;
            case Refused _ -> Instant.MAX;
        };
    }

    /** Holds a call from its start on. */
    void start(Reservation call) {
        running++;
        heldNano += call.cost().amount();
        heldTokens += call.tokens().count();
        window.add(call.at(), 1, call.tokens().count());
    }

    /** Ends a call that ran. What it has used stays held until its job is charged. */
    void end(Reservation call, Use use) {
        running--;
        heldNano -= call.cost().amount();
        heldTokens -= call.tokens().count();
        long most = call.tokens().count();
        switch (use) {
            case Use.NotCalled() -> window.add(call.at(), -1, -most);
            case Use.Nothing() -> window.add(call.at(), 0, -most);
            case Use.Unknown() -> {}
            case Use.Known(var tokens, var cost) -> {
                heldNano += cost.amount();
                heldTokens += tokens.count();
                window.add(call.at(), 0, tokens.count() - most);
            }
        }
    }

    /** Frees what an ended call has kept held. */
    void release(Use.Known use) {
        heldNano -= use.cost().amount();
        heldTokens -= use.tokens().count();
    }

    /** Charges a job that ended. */
    void charge(TokenUsage usage, NanoDollars cost, Instant at) {
        spent.add(usage, cost, at);
    }

    /** Returns what may still start within the minute. */
    Rates rates(Limits limits, Instant now) {
        if (limits.requestsPerMinute() == Long.MAX_VALUE
                && limits.tokensPerMinute() == Long.MAX_VALUE) {
            return Rates.NONE;
        }
        window.advance(now);
        Duration left = Duration.between(now, window.empty());
        Duration reset = left.isNegative() ? Duration.ZERO : left;
        return new Rates(
                left(limits.requestsPerMinute(), window.requests(), reset),
                left(limits.tokensPerMinute(), window.tokens(), reset));
    }

    private static Optional<Rates.Left> left(long limit, long used, Duration reset) {
        return limit == Long.MAX_VALUE
                ? Optional.empty()
                : Optional.of(new Rates.Left(limit, Math.clamp(limit - used, 0, limit), reset));
    }

    long running() {
        return running;
    }

    /** Returns whether the ledger tells all of it. */
    boolean isIdle(SpendLedger settled, Instant now) {
        window.advance(now);
        return running == 0
                && heldNano == 0
                && heldTokens == 0
                && window.isEmpty()
                && spent.jobs() <= settled.getJobs();
    }

    private Optional<Decision> day(Limits limits, Reservation wanted) {
        return budget(
                        limits.dailyNano(),
                        spent.dayCost(),
                        heldNano,
                        wanted.cost().amount(),
                        WaitReason.DAILY_BUDGET)
                .or(() ->
                        budget(
                                limits.dailyTokens(),
                                spent.dayTokens(),
                                heldTokens,
                                wanted.tokens().count(),
                                WaitReason.DAILY_BUDGET));
    }

    private Optional<Decision> month(Limits limits, Reservation wanted) {
        return budget(
                        limits.monthlyNano(),
                        spent.monthCost(),
                        heldNano,
                        wanted.cost().amount(),
                        WaitReason.MONTHLY_BUDGET)
                .or(() ->
                        budget(
                                limits.monthlyTokens(),
                                spent.monthTokens(),
                                heldTokens,
                                wanted.tokens().count(),
                                WaitReason.MONTHLY_BUDGET));
    }

    private Optional<Decision> budget(
            long limit, long settled, long held, long wanted, WaitReason reason) {
        if (wanted > limit - settled) {
            return Optional.of(exhausted(reason));
        }
        return wanted > limit - settled - held
                ? Optional.of(new Wait(Instant.MAX, reason))
                : Optional.empty();
    }

    private Optional<Decision> minute(Limits limits, Reservation wanted) {
        long tokens = wanted.tokens().count();
        boolean tooMany = window.requests() >= limits.requestsPerMinute();
        if (!tooMany && window.tokens() <= limits.tokensPerMinute() - tokens) {
            return Optional.empty();
        }
        Instant room = window.room(limits.requestsPerMinute(), limits.tokensPerMinute(), tokens);
        WaitReason reason = tooMany ? WaitReason.REQUESTS_PER_MINUTE : WaitReason.TOKENS_PER_MINUTE;
        return Optional.of(
                wanted.synchronous()
                        ? rateLimited(limits, reason, Duration.between(wanted.at(), room))
                        : new Wait(room, reason));
    }

    private Refused rateLimited(Limits limits, WaitReason reason, Duration wait) {
        boolean requests = reason == WaitReason.REQUESTS_PER_MINUTE;
        return new Refused(
                429,
                "rate_limit_exceeded",
                "%s is limited to %d %s a minute; try again in %d s"
                        .formatted(
                                whose,
                                requests ? limits.requestsPerMinute() : limits.tokensPerMinute(),
                                requests ? "requests" : "tokens",
                                wait.plusMillis(999).toSeconds()),
                Optional.of(wait));
    }

    private Refused tooLarge(Limits limits, long tokens) {
        return new Refused(
                413,
                "request_too_large",
                "the request may use %d tokens, but %s is limited to %d tokens a minute"
                        .formatted(tokens, whose, limits.tokensPerMinute()));
    }

    private Refused exhausted(WaitReason reason) {
        return new Refused(
                429,
                "insufficient_quota",
                "the %s budget of %s does not suffice for the request"
                        .formatted(reason == WaitReason.DAILY_BUDGET ? "daily" : "monthly", whose));
    }
}
