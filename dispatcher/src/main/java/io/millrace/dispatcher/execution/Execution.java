package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.execution.Adoptions.Found.GivenUp;
import io.millrace.dispatcher.execution.Adoptions.Found.Told;
import io.millrace.dispatcher.execution.Verdict.Again;
import io.millrace.dispatcher.execution.Verdict.End;
import io.millrace.dispatcher.execution.Verdict.Later;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.quota.Call;
import io.millrace.dispatcher.quota.Rates;
import io.millrace.dispatcher.quota.Use;
import io.millrace.dispatcher.quota.WaitReason;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Signal;
import io.millrace.dispatcher.settlement.OwnedSlot;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.Price;
import io.millrace.schemas.money.Usage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs from their arrival to a verdict.
 *
 * <pre>
 *   accept ─► Starting: order, target, quota ─► attempt on a virtual thread ─► Judge ─┬─► settle
 *                 ▲                                                                   ├─► again
 *                 └──────────────────────────── a timer ◄─────────────────────────────┘   or later
 * </pre>
 *
 * <p>Thread-safe.
 */
public final class Execution implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

    private final Supplier<Catalogue> catalogue;
    private final ProviderPool providers;
    private final Attempts attempts;
    private final Settling settling;
    private final Judge judge;
    private final Allowance allowance;
    private final InstantSource clock;
    private final Starting starting;
    private final OpenJobs open = new OpenJobs();
    private final HandingOver handingOver;
    private final ExecutionMeters meters;
    private final Adoptions adoptions;

    Execution(
            Supplier<Catalogue> catalogue,
            ProviderPool providers,
            Attempts attempts,
            Settling settling,
            HandingOver handingOver,
            ExecutionMeters meters,
            Judge judge,
            Allowance allowance,
            Background background,
            InstantSource clock,
            RandomGenerator random,
            int mostInFlight) {
        this.catalogue = catalogue;
        this.providers = providers;
        this.attempts = attempts;
        this.settling = settling;
        this.handingOver = handingOver;
        this.meters = meters;
        this.judge = judge;
        this.allowance = allowance;
        this.clock = clock;
        this.adoptions = new Adoptions(this::adopted, background);
        this.starting =
                new Starting(
                        catalogue,
                        new Targets(providers, random),
                        meters::targets,
                        attempts,
                        allowance,
                        this::run,
                        this::apply,
                        background,
                        clock,
                        mostInFlight);
    }

    /** Takes a job that was read; its source counts it as waiting until it starts or ends. */
    public void accept(Job job) {
        Instant now = clock.instant();
        Optional<Route> route = route(job);
        List<PriorAttempt> prior = job.slot().priorAttempts(job.source().partition(), job.offset());
        if (!prior.isEmpty() && prior.getLast().isOpen()) {
            List<PriorAttempt> over = prior.subList(0, prior.size() - 1);
            disclaim(job, over);
            Job counted = settling.withPriorAttempts(job, over, price(route), now);
            if (adoptions.take(settling.found(counted, prior.getLast()))) {
                return;
            }
        }
        disclaim(job, prior);
        Job counted = settling.withPriorAttempts(job, prior, price(route), now);
        begin(counted, prior.stream().anyMatch(attempt -> !attempt.outcomeKnown()), route, now);
    }

    /** Lets a job start that runs nowhere, unless something is in the way. */
    private void begin(Job job, boolean unknown, Optional<Route> route, Instant now) {
        Optional<Verdict> verdict = judge.before(job, unknown, delivery(job), now);
        if (job.cancellation().isPresent()) {
            end(job);
        } else if (verdict.isPresent()) {
            apply(job, verdict.get(), route);
        } else if (route.isEmpty()) {
            apply(job, Judge.unknownModel(job), route);
        } else {
            open.add(job);
            if (job.isWanted()) {
                starting.enqueue(job);
            } else {
                end(job);
            }
        }
    }

    /**
     * Ends what a wish names and is in this process: what waits at once, what is called by closing
     * the connection. What runs elsewhere ends when its outcome is told, what is unread when it is
     * read. The slot keeps the wish in mind already.
     */
    public void cancel(OwnedSlot slot, Cancel cancel) {
        Predicate<Job> named =
                job ->
                        job.slot() == slot
                                && job.cancellation()
                                        .filter(wish -> wish.getId().equals(cancel.getId()))
                                        .isPresent();
        open.take(named).forEach(this::end);
        attempts.giveUp(named);
    }

    private void end(Job job) {
        var _ = open.remove(job);
        job.cancellation().ifPresent(wish -> apply(job, Judge.ended(wish), route(job)));
    }

    /** Returns the calls of other owners whose outcome is waited for. */
    public Adoptions adoptions() {
        return adoptions;
    }

    /** Takes a settlement that is void because its slot was lost; returns at once. */
    public void lost(Settlement settlement) {
        handingOver.tell(settlement);
    }

    /** Returns how many outcomes are on their way to the next owners of lost slots. */
    public int handingOver() {
        return handingOver.pending();
    }

    /** Returns how many calls run. */
    public int inFlight() {
        return starting.inFlight();
    }

    /** Returns what is left of the limits a minute that bind a tenant's key and a model. */
    public Rates rates(OwnedSlot slot, TenantId tenant, String key, String model) {
        return allowance.rates(slot, tenant, key, model, clock.instant());
    }

    /** Returns how fast a tenant's jobs start when they are there. */
    public Pace pace(TenantId tenant) {
        return starting.pace(tenant);
    }

    /** Returns where a job stands that waits in this process; nothing when it does not. */
    public Optional<QueuePlace> place(String jobId) {
        return starting.place(jobId);
    }

    /** Returns where a job stands that has not ended; nothing when it is not in this process. */
    public Optional<Standing> standing(String jobId) {
        return attempts.running(jobId)
                .or(() -> adoptions.find(jobId))
                .map(job -> Standing.of(job, Optional.empty()))
                .or(() -> open.find(jobId).map(job -> Standing.of(job, place(jobId))));
    }

    /** Returns how many jobs wait, by reason. */
    public Map<WaitReason, Integer> waiting() {
        return starting.waiting();
    }

    /** Returns for how many calls something is held. */
    public int reservations() {
        return allowance.held();
    }

    /** Starts nothing any more; what runs goes on. */
    public void drain() {
        starting.drain();
    }

    /**
     * Announces to whoever owns the slots next that what runs goes on until then. To be called
     * after {@link #drain}: the announcement lies behind every attempt that it is about.
     */
    public void announceDrain(int slots, Instant until) {
        attempts.announceDrain(slots, until);
    }

    @Override
    public void close() {
        starting.close();
        providers.close();
    }

    /** Frees what is held for attempts of former owners, of which nobody will tell any more. */
    private void disclaim(Job job, List<PriorAttempt> prior) {
        // what has an end holds nothing, and a later attempt may bear its number
        prior.stream()
                .filter(PriorAttempt::isOpen)
                .forEach(each -> ended(job, each, new Use.Unknown()));
    }

    private void ended(Job job, PriorAttempt attempt, Use use) {
        Call call = new Call(job.id(), attempt.started().getAttempt());
        allowance.ended(job.slot(), job.tenant(), call, use);
        starting.freed(job);
    }

    private Use run(Attempt attempt) {
        Optional<Route> route = Optional.of(attempt.route());
        if (!open.remove(attempt.job())) {
            // it was ended while it waited, and nobody keeps the wish in mind any more
            allowance.ended(attempt.job(), new Use.NotCalled());
            return new Use.NotCalled();
        }
        Attempts.Ended ended = attempts.make(attempt);
        Use use =
                ended instanceof Attempts.Ended.Made(_, var outcome)
                        ? used(outcome, price(route))
                        : new Use.NotCalled();
        allowance.ended(attempt.job(), use);
        switch (ended) {
            case Attempts.Ended.Made(Job job, var outcome) ->
                    concluded(job, waitHere(outcome, route), route);
            case Attempts.Ended.NotMade(Job job, Duration wait) -> {
                if (job.slot().isOwned()) {
                    again(job, wait, route);
                } else {
                    handingOver.tell(job);
                }
            }
            case Attempts.Ended.Impossible(Job job, var error) ->
                    apply(job, Verdict.failed(500, error), route);
        }
        return use;
    }

    private void concluded(Job job, Outcome outcome, Optional<Route> route) {
        Instant now = clock.instant();
        Verdict verdict =
                job.cancellation()
                        .<Verdict>map(Judge::ended)
                        .orElseGet(() -> judge.after(job, outcome, delivery(job), now));
        if (verdict instanceof Again && job.slot().isOwned()) {
            settling.record(job, outcome, now);
        }
        // after the record: who takes the slot over later has read it
        if (job.slot().isOwned()) {
            apply(job, verdict, route);
        } else {
            handingOver.tell(job);
        }
    }

    /** What one target asked to wait for, nobody waits for while another is open. */
    private Outcome waitHere(Outcome outcome, Optional<Route> route) {
        return outcome instanceof Outcome.Retryable(int status, byte[] body, var error, var wait)
                        && wait.isPresent()
                        && Signals.of(outcome) instanceof Signal.Overloaded // it is closed itself
                        && route.filter(starting::isOpen).isPresent()
                ? new Outcome.Retryable(status, body, error, Optional.empty())
                : outcome;
    }

    /** Goes on with a job whose last attempt was made elsewhere, or under a former ownership. */
    private void adopted(Job job, PriorAttempt attempt, Adoptions.Found found) {
        Instant now = clock.instant();
        Optional<Route> route = route(job);
        try {
            meters.adopted(found instanceof GivenUp(String reason) ? reason : "told");
            switch (found) {
                case Told(var told) when told.getOutcome().equals(Handoffs.NOT_MADE) -> {
                    ended(job, attempt, new Use.NotCalled());
                    begin(settling.notMade(job, attempt, told.getEndedAt()), false, route, now);
                }
                case Told(var told) -> {
                    Outcome outcome = settling.outcome(told);
                    ended(job, attempt, used(outcome, price(route)));
                    concluded(
                            settling.told(
                                    job, attempt, outcome, told.getEndedAt(), price(route), now),
                            outcome,
                            route);
                }
                case GivenUp(String reason) -> {
                    ended(job, attempt, new Use.Unknown());
                    begin(
                            settling.unknown(job, attempt, reason, price(route), now),
                            true,
                            route,
                            now);
                }
            }
        } catch (RuntimeException e) {
            apply(job, Judge.broken(job, e), route);
        }
    }

    private static Use used(Outcome outcome, Price price) {
        return switch (outcome) {
            case Outcome.Completed(_, _, Usage usage) -> known(usage, price);
            case Outcome.Refused(_, _, _, Usage usage) -> known(usage, price);
            case Outcome.Retryable _ -> new Use.Nothing();
            case Outcome.Unknown _ -> new Use.Unknown();
        };
    }

    private static Use known(Usage usage, Price price) {
        try {
            return new Use.Known(usage.total(), price.cost(usage));
        } catch (ArithmeticException e) {
            return new Use.Unknown(); // beyond all money; its job ends by the same exception
        }
    }

    private void apply(Job job, Verdict verdict, Optional<Route> route) {
        try {
            switch (verdict) {
                case End end -> {
                    var _ = open.remove(job);
                    settling.end(job, end, route, clock.instant());
                }
                case Later(Duration wait) -> {
                    var _ = open.remove(job);
                    settling.later(job, wait, clock.instant());
                }
                case Again(Duration wait) -> again(job, wait, route);
            }
        } catch (RuntimeException e) {
            // a poor end is better than none
            settling.end(job, Judge.broken(job, e), Optional.empty(), clock.instant());
        }
    }

    private void again(Job job, Duration wait, Optional<Route> route) {
        LOG.atDebug()
                .addKeyValue("job", job.id())
                .addKeyValue("attempts", job.progress().attempts())
                .log("job is tried again");
        open.add(job);
        Optional<Cancel> wish = job.cancellation();
        if (wish.isEmpty()) {
            starting.enqueue(job, wait);
        } else {
            var _ = open.remove(job);
            apply(job, Judge.ended(wish.get()), route);
        }
    }

    private Optional<Route> route(Job job) {
        Catalogue known = catalogue.get();
        return known.route(job.submit().getModel())
                .filter(_ -> known.mayUse(job.submit().getKeyId(), job.submit().getModel()));
    }

    private static Price price(Optional<Route> route) {
        return route.map(Route::price).orElse(Price.FREE);
    }

    private Delivery delivery(Job job) {
        Delivery chosen = job.submit().getRequest().getDelivery();
        return chosen == null || chosen == Delivery.UNKNOWN
                ? catalogue.get().delivery(job.submit().getTenant())
                : chosen;
    }
}
