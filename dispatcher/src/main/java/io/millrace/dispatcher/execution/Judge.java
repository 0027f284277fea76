package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.execution.Verdict.Again;
import io.millrace.dispatcher.execution.Verdict.End;
import io.millrace.dispatcher.execution.Verdict.Later;
import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Completed;
import io.millrace.dispatcher.provider.Outcome.Refused;
import io.millrace.dispatcher.provider.Outcome.Retryable;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.schemas.avro.Cancel;
import io.millrace.schemas.avro.Delivery;
import io.millrace.schemas.avro.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides what becomes of a job; a function of job, outcome and time. */
final class Judge {

    private static final Logger LOG = LoggerFactory.getLogger(Judge.class);

    /** The longest wait within the process; a longer one is spent in the log. */
    static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

    private static final Duration LONGEST_SYNCHRONOUS_WAIT = Duration.ofSeconds(30);
    private static final Duration TIMER = Duration.ofMillis(50);
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(250);
    private static final ProviderError EXPIRED =
            new ProviderError("expired", "the job expired before it ended", "expired");

    private static final ProviderError BROKEN =
            new ProviderError("internal_error", "the job could not be carried out", "server_error");

    private static final ProviderError CANCELLED =
            new ProviderError("cancelled", "the job was cancelled", "cancelled");
    private static final Duration SYNCHRONOUS_PAUSE = Duration.ofSeconds(1);
    private static final List<Duration> PAUSES =
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(30), Duration.ofMinutes(5));

    private final int maxAttempts;

    Judge(int maxAttempts) {
        this.maxAttempts = maxAttempts;
    }

    /** Decides after an attempt. The job's progress has the attempt in it. */
    Verdict after(Job job, Outcome outcome, Delivery delivery, Instant now) {
        return switch (outcome) {
            case Completed(int status, byte[] body, _) ->
                    new End(JobStatus.COMPLETED, status, body, Verdict.NO_ERROR);
            case Refused(int status, byte[] body, ProviderError error, _) ->
                    new End(JobStatus.FAILED, status, body, error);
            case Retryable(int status, byte[] body, ProviderError error, Optional<Duration> wait) ->
                    again(
                            job,
                            wait.orElse(backoff(job)),
                            new End(
                                    JobStatus.FAILED,
                                    status == 0 ? 502 : status,
                                    body,
                                    error,
                                    wait),
                            now);
            case Unknown(_, ProviderError error) -> unknown(job, delivery, error, now);
        };
    }

    /** Decides before the first attempt of this process; empty when nothing is in the way. */
    Optional<Verdict> before(Job job, boolean unknownAttempts, Delivery delivery, Instant now) {
        if (unknownAttempts && delivery == Delivery.AT_MOST_ONCE) {
            return Optional.of(outcomeUnknown(LOST));
        }
        if (job.isExpired(now)) {
            return Optional.of(expired());
        }
        if (job.progress().attempts() >= maxAttempts) {
            return Optional.of(Verdict.failed(502, LOST));
        }
        return Optional.empty();
    }

    private static final ProviderError LOST =
            new ProviderError(
                    "outcome_unknown",
                    "the process that called the provider is gone, so the outcome is unknown",
                    "server_error");

    private Verdict unknown(Job job, Delivery delivery, ProviderError error, Instant now) {
        if (delivery == Delivery.AT_MOST_ONCE) {
            return outcomeUnknown(error);
        }
        int status = error.code().equals("deadline") ? 504 : 502;
        return again(job, backoff(job), Verdict.failed(status, error), now);
    }

    private Verdict again(Job job, Duration wait, End otherwise, Instant now) {
        // a call's deadline is its job's expiry if that comes first, and timers are not exact
        if (job.isExpired(now.plus(TIMER))) {
            return expired();
        }
        if (job.progress().attempts() >= maxAttempts) {
            return otherwise;
        }
        Instant next = now.plus(wait);
        if (job.isExpired(next)) {
            return otherwise;
        }
        if (wait.compareTo(LONGEST_WAIT) <= 0) {
            return new Again(wait);
        }
        if (!job.submit().getSynchronous()) {
            return new Later(wait);
        }
        return wait.compareTo(LONGEST_SYNCHRONOUS_WAIT) <= 0 ? new Again(wait) : otherwise;
    }

    /**
     * Decides about a job that may not be tried again yet, as its target's retry budget is spent:
     * it waits, the longer the more often it was tried.
     */
    static Verdict noRetry(Job job, Instant now) {
        if (job.isExpired(now)) {
            return expired();
        }
        if (job.submit().getSynchronous()) {
            return new Again(SYNCHRONOUS_PAUSE);
        }
        int tried = Math.clamp(job.progress().attempts(), 1, PAUSES.size());
        return new Later(PAUSES.get(tried - 1));
    }

    private static Duration backoff(Job job) {
        int doublings = Math.clamp(job.progress().attempts() - 1, 0, 10);
        return FIRST_BACKOFF.multipliedBy(1L << doublings);
    }

    private static End outcomeUnknown(ProviderError error) {
        return new End(JobStatus.OUTCOME_UNKNOWN, 0, new byte[0], error);
    }

    /** Decides for a job that is wished to end. */
    static End ended(Cancel wish) {
        return wish.getReason().equals("expired")
                ? expired()
                : new End(JobStatus.CANCELLED, 0, new byte[0], CANCELLED);
    }

    static End expired() {
        return new End(JobStatus.EXPIRED, 0, new byte[0], EXPIRED);
    }

    static End unknownModel(Job job) {
        return Verdict.failed(
                404,
                new ProviderError(
                        "model_not_found",
                        "the model '%s' does not exist".formatted(job.submit().getModel()),
                        "invalid_request_error"));
    }

    /** Returns the end of a job that cannot be dealt with as it should be. */
    static End broken(Job job, RuntimeException why) {
        LOG.atError().addKeyValue("job", job.id()).setCause(why).log("job cannot be carried out");
        return Verdict.failed(500, BROKEN);
    }
}
