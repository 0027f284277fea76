package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Target;
import io.millrace.schemas.avro.AttemptEnded;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.money.Price;
import io.millrace.schemas.money.Usage;
import java.time.Instant;

/** Writes down which attempts start, before they do, and which ended so that others follow. */
final class Journal {

    private final AttemptLog log;
    private final String process;

    Journal(AttemptLog log, String process) {
        this.log = log;
        this.process = process;
    }

    /**
     * Returns once all replicas have the attempt, with its offset.
     *
     * @throws RuntimeException when that is not certain: then the call must not be made
     */
    long started(AttemptStarted attempt, int slot) {
        AttemptsRecord entry = AttemptsRecord.newBuilder().setStarted(attempt).build();
        return log.append(slot, attempt.getJobId(), entry);
    }

    /** Sends word of an attempt that ended and allows another; nobody waits for it. */
    void ended(Job job, String outcome, int httpStatus, Instant now) {
        AttemptEnded ended =
                AttemptEnded.newBuilder()
                        .setJobId(job.submit().getJobId())
                        .setAttempt(job.progress().attempts())
                        .setSource(job.position())
                        .setOutcome(outcome)
                        .setHttpStatus(httpStatus == 0 ? null : (Integer) httpStatus)
                        .setEndedAt(now)
                        .build();
        AttemptsRecord entry = AttemptsRecord.newBuilder().setEnded(ended).build();
        log.send(job.slot().number(), job.submit().getJobId(), entry);
    }

    AttemptStarted attempt(
            Job job,
            Route route,
            Target target,
            TokenBounds bounds,
            Instant now,
            Instant deadline) {
        return AttemptStarted.newBuilder()
                .setJobId(job.submit().getJobId())
                .setTenant(job.submit().getTenant())
                .setAttempt(job.progress().attempts() + 1)
                .setSource(job.position())
                .setProvider(target.provider())
                .setTarget(target.model())
                .setModel(job.submit().getModel())
                .setProcess(process)
                .setStartedAt(now)
                .setDeadline(deadline)
                .setEstimatedInputTokens(bounds.input().count())
                .setMaxOutputTokens(bounds.output().count())
                .setPriceVersion(route.price().version())
                .build();
    }

    /** Returns the waste of an attempt whose outcome is unknown: the most it may have used. */
    static WasteRecord waste(AttemptStarted attempt, String reason, Price price, Instant now) {
        Usage most = Usage.of(attempt.getEstimatedInputTokens(), attempt.getMaxOutputTokens());
        Usage estimate =
                new Usage(most.input(), most.output(), most.cachedInput(), most.reasoning(), true);
        return WasteRecord.newBuilder()
                .setJobId(attempt.getJobId())
                .setTenant(attempt.getTenant())
                .setAttempt(attempt.getAttempt())
                .setModel(attempt.getModel())
                .setProvider(attempt.getProvider())
                .setTarget(attempt.getTarget())
                .setReason(reason)
                .setEstimate(estimate.toRecord())
                .setCostNanoUsd(price.cost(estimate).amount())
                .setStartedAt(attempt.getStartedAt())
                .setDeclaredAt(now)
                .build();
    }
}
