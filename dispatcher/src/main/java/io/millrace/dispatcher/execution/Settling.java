package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.execution.Verdict.Again;
import io.millrace.dispatcher.execution.Verdict.End;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.schemas.money.Price;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands verdicts to the settlement, and former owners' attempts to the jobs they were made for. */
final class Settling {

    private static final Logger LOG = LoggerFactory.getLogger(Settling.class);
    private static final ProviderError NOT_STORED =
            new ProviderError(
                    "result_not_stored",
                    "the result is too large to travel inline and the blob store refused it",
                    "server_error");

    private final Endings endings;
    private final Journal journal;
    private final Consumer<Settlement> settlements;

    Settling(Endings endings, Journal journal, Consumer<Settlement> settlements) {
        this.endings = endings;
        this.journal = journal;
        this.settlements = settlements;
    }

    void end(Job job, End end, Optional<Route> route, Instant now) {
        Settlement settlement;
        try {
            settlement = endings.end(job, end, route, now);
        } catch (IOException e) {
            LOG.atError().addKeyValue("job", job.id()).setCause(e).log("result is not stored");
            settlement = withoutBody(job, route, now);
        }
        settlements.accept(settlement);
    }

    void later(Job job, Duration wait, Instant now) {
        settlements.accept(endings.later(job, wait, now));
    }

    /** Journals the outcome of an attempt after which this process makes another. */
    void record(Job job, Verdict verdict, Outcome outcome, Instant now) {
        if (verdict instanceof Again) {
            int status = outcome instanceof Retryable(int answered, _, _, _) ? answered : 0;
            try {
                journal.ended(
                        job, outcome instanceof Retryable ? "retryable" : "unknown", status, now);
            } catch (RuntimeException e) {
                // without it a successor takes the attempt for one of unknown outcome
                LOG.atWarn().addKeyValue("job", job.id()).setCause(e).log("end is not journalled");
            }
        }
    }

    /**
     * Returns the job with the attempts a former owner journalled: what is unknown of them is
     * waste.
     */
    Job withPriorAttempts(Job job, List<PriorAttempt> prior, Optional<Route> route, Instant now) {
        Price price = route.map(Route::price).orElse(Price.FREE);
        Progress progress = job.progress();
        for (PriorAttempt attempt : prior) {
            progress =
                    progress.found(
                            attempt.journalOffset(),
                            attempt.started().getAttempt(),
                            attempt.started().getStartedAt());
            if (!attempt.outcomeKnown()) {
                progress =
                        progress.wasted(
                                Journal.waste(attempt.started(), "process_gone", price, now));
            }
        }
        return job.with(progress);
    }

    private Settlement withoutBody(Job job, Optional<Route> route, Instant now) {
        try {
            return endings.end(job, Verdict.failed(500, NOT_STORED), route, now);
        } catch (IOException e) {
            throw new IllegalStateException("an ending without a body stores nothing", e);
        }
    }
}
