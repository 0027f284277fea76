package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.execution.Verdict.End;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Target;
import io.millrace.dispatcher.settlement.PriorAttempt;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.blob.ClaimCheck;
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
    private final ClaimCheck answers;
    private final Consumer<Settlement> settlements;

    Settling(
            Endings endings,
            Journal journal,
            ClaimCheck answers,
            Consumer<Settlement> settlements) {
        this.answers = answers;
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
    void record(Job job, Outcome outcome, Instant now) {
        int status = outcome instanceof Retryable(int answered, _, _, _) ? answered : 0;
        journal.ended(job, outcome instanceof Retryable ? "retryable" : "unknown", status, now);
    }

    /**
     * Returns the job with attempts from before this ownership: what is unknown of them is waste.
     */
    Job withPriorAttempts(Job job, List<PriorAttempt> prior, Price price, Instant now) {
        Job counted = job;
        for (PriorAttempt attempt : prior) {
            counted = found(counted, attempt);
            if (!attempt.outcomeKnown()) {
                counted = unknown(counted, attempt, "process_gone", price, now);
            }
        }
        return counted;
    }

    /**
     * Returns the job with an attempt from before this ownership, whose outcome is still to come.
     */
    Job found(Job job, PriorAttempt attempt) {
        AttemptStarted started = attempt.started();
        return job.with(
                job.progress()
                        .found(
                                attempt.journalOffset(),
                                started.getAttempt(),
                                started.getStartedAt(),
                                target(started))
                        .reported(History.journalled(started, word(attempt))));
    }

    /** Returns the job with an attempt that is given up for unknown. */
    Job unknown(Job job, PriorAttempt attempt, String reason, Price price, Instant now) {
        return job.with(
                job.progress()
                        .wasted(Journal.waste(attempt.started(), reason, price, now))
                        .reported(History.unknown(attempt.started(), reason, now)));
    }

    private static String word(PriorAttempt attempt) {
        return switch (attempt.end()) {
            case OPEN -> History.RUNNING;
            case RETRYABLE -> "retryable";
            case NOT_MADE -> Handoffs.NOT_MADE;
            case UNKNOWN -> "unknown";
        };
    }

    /** Returns the job with an attempt that its process did not make. */
    Job notMade(Job job, PriorAttempt attempt, Instant endedAt) {
        return job.with(job.progress().reported(History.notMade(attempt.started(), endedAt)));
    }

    /** Returns the outcome that was handed over; unknown when its answer cannot be had any more. */
    Outcome outcome(Handoff told) {
        Payload body = told.getBody();
        try {
            return Handoffs.outcome(told, body == null ? new byte[0] : answers.checkOut(body));
        } catch (IOException e) {
            LOG.atError().addKeyValue("job", told.getJobId()).setCause(e).log("answer is lost");
            return new Outcome.Unknown("broken_answer", NOT_STORED);
        }
    }

    /** Returns the job with the outcome of an attempt that another process made. */
    Job told(
            Job job,
            PriorAttempt attempt,
            Outcome outcome,
            Instant endedAt,
            Price price,
            Instant now) {
        AttemptStarted started = attempt.started();
        return job.with(
                job.progress()
                        .concluded(
                                outcome,
                                target(started),
                                reason -> Journal.waste(started, reason, price, now))
                        .reported(History.of(started, outcome, endedAt)));
    }

    private static Target target(AttemptStarted started) {
        return new Target(started.getProvider(), started.getTarget(), 1);
    }

    private Settlement withoutBody(Job job, Optional<Route> route, Instant now) {
        try {
            return endings.end(job, Verdict.failed(500, NOT_STORED), route, now);
        } catch (IOException e) {
            throw new IllegalStateException("an ending without a body stores nothing", e);
        }
    }
}
