package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Target;
import io.millrace.schemas.avro.AttemptEnded;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.AttemptsRecord;
import io.millrace.schemas.avro.DrainAnnounced;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.WasteRecord;
import io.millrace.schemas.money.Price;
import io.millrace.schemas.money.Usage;
import java.time.Instant;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down which attempts start, before they do, and which ended so that others follow. */
final class Journal {

    private static final Logger LOG = LoggerFactory.getLogger(Journal.class);

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

    /**
     * Writes down that the last attempt ended and allows another. When that fails, whoever owns the
     * slot next takes the attempt for one that may still run.
     */
    void ended(Job job, String outcome, int httpStatus, Instant now) {
        AttemptEnded ended =
                AttemptEnded.newBuilder()
                        .setJobId(job.submit().getJobId())
                        .setAttempt(job.progress().attempts())
                        .setSource(job.position())
                        .setOutcome(outcome)
                        .setHttpStatus(httpStatus == 0 ? null : (Integer) httpStatus)
                        .setEndedAt(now)
                        .setProcess(job.progress().made().map(Handoff::getProcess).orElse(null))
                        .build();
        AttemptsRecord entry = AttemptsRecord.newBuilder().setEnded(ended).build();
        try {
            var _ = log.append(job.slot().number(), job.submit().getJobId(), entry);
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("job", job.id()).setCause(e).log("end is not journalled");
        }
    }

    /**
     * Announces, to whoever owns the slots next, that calls of this process go on though it leaves.
     */
    void drains(int slots, Instant until) {
        AttemptsRecord entry =
                AttemptsRecord.newBuilder().setDrain(new DrainAnnounced(process, until)).build();
        try (ExecutorService side = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < slots; i++) {
                int slot = i;
                side.execute(() -> drains(slot, entry));
            }
        }
    }

    private void drains(int slot, AttemptsRecord entry) {
        try {
            var _ = log.append(slot, process, entry);
        } catch (RuntimeException e) {
            LOG.atWarn().addKeyValue("slot", slot).setCause(e).log("drain is not announced");
        }
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
                .setMember(job.slot().member())
                .setKeyId(job.submit().getKeyId())
                .setReservedNanoUsd(Allowance.most(route, bounds).amount())
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
