package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.execution.Verdict.Again;
import io.millrace.dispatcher.execution.Verdict.End;
import io.millrace.dispatcher.execution.Verdict.Later;
import io.millrace.dispatcher.routing.Catalogue;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.schemas.avro.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
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
    private final InstantSource clock;
    private final Starting starting;

    Execution(
            Supplier<Catalogue> catalogue,
            ProviderPool providers,
            Attempts attempts,
            Settling settling,
            Judge judge,
            InstantSource clock,
            int mostInFlight) {
        this.catalogue = catalogue;
        this.providers = providers;
        this.attempts = attempts;
        this.settling = settling;
        this.judge = judge;
        this.clock = clock;
        this.starting =
                new Starting(
                        catalogue,
                        providers,
                        attempts,
                        this::run,
                        this::apply,
                        clock,
                        mostInFlight);
    }

    /** Takes a job that was read; its source counts it as waiting until it starts or ends. */
    public void accept(Job job) {
        Instant now = clock.instant();
        Catalogue known = catalogue.get();
        Optional<Route> route =
                known.route(job.submit().getModel())
                        .filter(_ ->
                                known.mayUse(job.submit().getKeyId(), job.submit().getModel()));
        List<PriorAttempt> prior = job.slot().priorAttempts(job.source().partition(), job.offset());
        Job counted = settling.withPriorAttempts(job, prior, route, now);
        boolean unknown = prior.stream().anyMatch(attempt -> !attempt.outcomeKnown());
        Optional<Verdict> verdict = judge.before(counted, unknown, delivery(job), now);
        if (verdict.isPresent()) {
            apply(counted, verdict.get(), route);
        } else if (route.isEmpty()) {
            apply(counted, Judge.unknownModel(job), route);
        } else {
            starting.enqueue(counted);
        }
    }

    /** Returns how many calls run. */
    public int inFlight() {
        return starting.inFlight();
    }

    /** Starts nothing any more; what runs goes on. */
    public void drain() {
        starting.drain();
    }

    @Override
    public void close() {
        starting.close();
        providers.close();
    }

    private void run(Attempt attempt) {
        Attempts.Ended ended = attempts.make(attempt);
        switch (ended) {
            case Attempts.Ended.Outcome(Job job, var outcome) -> {
                Instant now = clock.instant();
                Verdict verdict = judge.after(job, outcome, delivery(job), now);
                settling.record(job, verdict, outcome, now);
                apply(job, verdict, Optional.of(attempt.route()));
            }
            case Attempts.Ended.NotMade(Job job, Duration wait) -> again(job, wait);
            case Attempts.Ended.Impossible(Job job, var error) ->
                    apply(job, Verdict.failed(500, error), Optional.of(attempt.route()));
            case Attempts.Ended.Lost() -> {}
        }
    }

    private void apply(Job job, Verdict verdict, Optional<Route> route) {
        try {
            switch (verdict) {
                case End end -> settling.end(job, end, route, clock.instant());
                case Later(Duration wait) -> settling.later(job, wait, clock.instant());
                case Again(Duration wait) -> again(job, wait);
            }
        } catch (RuntimeException e) {
            // a poor end is better than none
            settling.end(job, Judge.broken(job, e), Optional.empty(), clock.instant());
        }
    }

    private void again(Job job, Duration wait) {
        LOG.atDebug()
                .addKeyValue("job", job.id())
                .addKeyValue("attempts", job.progress().attempts())
                .log("job is tried again");
        starting.enqueue(job, wait);
    }

    private Delivery delivery(Job job) {
        Delivery chosen = job.submit().getRequest().getDelivery();
        return chosen == null || chosen == Delivery.UNKNOWN
                ? catalogue.get().delivery(job.submit().getTenant())
                : chosen;
    }
}
