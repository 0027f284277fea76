package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.provider.Outcome;
import io.millrace.dispatcher.provider.Outcome.Unknown;
import io.millrace.dispatcher.provider.ProviderCall;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.routing.Route;
import io.millrace.schemas.avro.AttemptStarted;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.blob.ClaimCheck;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes attempts: journals, looks at the ownership again, calls, and notes what came of it. */
class Attempts {

    private static final Logger LOG = LoggerFactory.getLogger(Attempts.class);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration UNCONFIRMED = Duration.ofMillis(250);
    private static final Duration JOURNALLING = Duration.ofSeconds(2);
    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();
    private static final ProviderError NO_BODY =
            new ProviderError(
                    "request_body_lost",
                    "the body of the request is not in the blob store",
                    "server_error");
    private static final ProviderError BROKEN =
            new ProviderError(
                    "provider_failed", "the call ended in an unexpected error", "server_error");

    /** How tokens are estimated before a call. */
    @FunctionalInterface
    interface Estimate {

        /** Returns the bounds of a call. */
        TokenBounds of(Job job, Route route);
    }

    /** How an attempt ended. */
    sealed interface Ended {

        /** The provider was called; the job's progress has the attempt in it. */
        record Made(Job job, Outcome outcome) implements Ended {}

        /** The provider was not called; the attempt may be made again after the wait. */
        record NotMade(Job job, Duration pause) implements Ended {}

        /** The provider was not called, and no wait would change that. */
        record Impossible(Job job, ProviderError error) implements Ended {}
    }

    private final RunningCalls running = new RunningCalls();
    private final AtomicInteger journalling = new AtomicInteger();
    private final Journal journal;
    private final ClaimCheck claimCheck;
    private final Estimate estimate;
    private final ExecutionMeters meters;
    private final InstantSource clock;

    Attempts(
            Journal journal,
            ClaimCheck claimCheck,
            Estimate estimate,
            ExecutionMeters meters,
            InstantSource clock) {
        this.journal = journal;
        this.claimCheck = claimCheck;
        this.estimate = estimate;
        this.meters = meters;
        this.clock = clock;
    }

    TokenBounds bounds(Job job, Route route) {
        return estimate.of(job, route);
    }

    /** Closes the connections of the calls for those jobs. */
    void giveUp(Predicate<Job> jobs) {
        running.giveUp(jobs);
    }

    /** Returns the job of that id, if a call of it runs. */
    Optional<Job> running(String id) {
        return running.find(id);
    }

    /** Announces a drain, behind every attempt that is being journalled. */
    void announceDrain(int slots, Instant until) {
        long end = System.nanoTime() + JOURNALLING.toNanos();
        while (journalling.get() > 0 && System.nanoTime() < end) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        journal.drains(slots, until);
    }

    /** Makes the attempt on this thread, which it blocks until the outcome is there. */
    Ended make(Attempt attempt) {
        Job job = attempt.job();
        byte[] body;
        try {
            body = claimCheck.checkOut(job.submit().getRequest().getBody());
        } catch (NoSuchFileException | IllegalArgumentException e) {
            LOG.atWarn().addKeyValue("job", job.id()).setCause(e).log("request body is lost");
            return new Ended.Impossible(job, NO_BODY);
        } catch (IOException e) {
            LOG.atWarn().addKeyValue("job", job.id()).setCause(e).log("request body is not there");
            return new Ended.NotMade(job, PAUSE);
        }
        if (!job.slot().isConfirmed() || !job.isWanted()) {
            return new Ended.NotMade(job, UNCONFIRMED);
        }
        Instant now = clock.instant();
        Instant deadline = deadline(attempt, now);
        AttemptStarted entry =
                journal.attempt(
                        job, attempt.route(), attempt.target(), attempt.bounds(), now, deadline);
        journalling.incrementAndGet();
        OptionalLong offset;
        try {
            offset = journalled(job, entry);
        } finally {
            journalling.decrementAndGet();
        }
        // the acknowledgement may have taken long enough for the slot to move
        if (offset.isEmpty() || !mayStart(job) || !job.isWanted()) {
            return notMade(job, entry, offset);
        }
        Job started =
                job.with(
                        job.progress()
                                .started(offset.getAsLong(), now)
                                .reported(History.running(entry)));
        Outcome outcome =
                running.during(
                        started, () -> called(attempt, call(attempt, started, body, deadline)));
        Instant end = clock.instant();
        meters.called(attempt.target().provider(), outcome, Duration.between(now, end));
        return new Ended.Made(noted(started, attempt, entry, outcome, end), outcome);
    }

    /** Returns whether a call that is journalled may still be made. */
    boolean mayStart(Job job) {
        return job.slot().isConfirmed();
    }

    /** Whoever owns the slot now must not take the attempt for one that runs. */
    private Ended notMade(Job job, AttemptStarted entry, OptionalLong offset) {
        Instant now = clock.instant();
        Handoff told = Handoffs.notMade(entry, now);
        if (offset.isEmpty() || !job.slot().isOwned()) {
            return new Ended.NotMade(job.with(job.progress().made(told)), PAUSE);
        }
        Job counted =
                job.with(
                        job.progress()
                                .notMade(offset.getAsLong())
                                .made(told)
                                .reported(History.notMade(entry, now)));
        journal.ended(counted, Handoffs.NOT_MADE, 0, now);
        return new Ended.NotMade(counted, PAUSE);
    }

    /**
     * Returns where the attempt lies in the journal; nothing when it is not certain that it does.
     */
    private OptionalLong journalled(Job job, AttemptStarted entry) {
        long floor = job.slot().attemptAnnounced();
        try {
            long offset = journal.started(entry, job.slot().number());
            job.slot().attemptStarted(floor, offset);
            return OptionalLong.of(offset);
        } catch (RuntimeException e) {
            job.slot().attemptNotStarted(floor);
            LOG.atWarn().addKeyValue("job", job.id()).setCause(e).log("attempt is not journalled");
            return OptionalLong.empty();
        }
    }

    private static Outcome called(Attempt attempt, ProviderCall call) {
        try {
            return attempt.lease().provider().call(call);
        } catch (RuntimeException e) {
            // providers promise that this is not; if it is, nobody knows what they have sent
            LOG.atError().addKeyValue("job", call.job()).setCause(e).log("provider broke");
            return new Unknown("broken_answer", BROKEN);
        }
    }

    private static Instant deadline(Attempt attempt, Instant now) {
        Instant limit = now.plusMillis(attempt.lease().state().getResponseTimeoutMs());
        return attempt.job().expiresAt().filter(end -> end.isBefore(limit)).orElse(limit);
    }

    private static ProviderCall call(Attempt attempt, Job started, byte[] body, Instant deadline) {
        return new ProviderCall(
                started.id(),
                started.progress().attempts(),
                started.submit().getRequest().getEndpoint(),
                attempt.target().model(),
                body,
                deadline,
                started.traceparent());
    }

    /** The job with what its attempt came to, of which the target's controller is told. */
    private Job noted(
            Job job, Attempt attempt, AttemptStarted entry, Outcome outcome, Instant now) {
        attempt.lease().ended(outcome, now);
        return job.with(
                job.progress()
                        .concluded(
                                outcome,
                                attempt.target(),
                                reason ->
                                        Journal.waste(
                                                entry,
                                                reason.equals("interrupted") ? "cancelled" : reason,
                                                attempt.route().price(),
                                                now))
                        .made(Handoffs.of(entry, outcome, now))
                        .reported(History.of(entry, outcome, now)));
    }
}
