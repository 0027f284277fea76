package io.millrace.ingress.jobs;

import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.UnavailableException;
import io.millrace.ingress.submission.Cancellation;
import io.millrace.ingress.submission.LogWriter;
import io.millrace.ingress.submission.Submission;
import io.millrace.schemas.avro.BlobRef;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobStatus;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SpentKey;
import io.millrace.schemas.blob.BlobStore;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends jobs early, and erases those that have ended, as their tenants wish. Thread-safe. */
public final class JobEndings {

    private static final Logger LOG = LoggerFactory.getLogger(JobEndings.class);

    /** A slot's owner settles a wish in some milliseconds, unless it is away. */
    private static final Duration SETTLED_SOON = Duration.ofSeconds(1);

    private static final Duration HIDDEN_SOON = Duration.ofSeconds(3);

    private final JobView view;
    private final LogWriter log;
    private final Cancellation cancellation;
    private final BlobStore blobs;
    private final InstantSource clock;

    /** Ends what that view shows. */
    public JobEndings(
            JobView view,
            LogWriter log,
            Cancellation cancellation,
            BlobStore blobs,
            InstantSource clock) {
        this.view = view;
        this.log = log;
        this.cancellation = cancellation;
        this.blobs = blobs;
        this.clock = clock;
    }

    /**
     * Returns the job after the wish that it ends is written, with its end if that came soon.
     *
     * @throws ApiException 400 when it has ended otherwise: 409 would be tried again by clients
     */
    Sighting cancel(JobId id, Sighting seen) {
        Optional<JobStatus> ended = seen.result().map(InferenceResult::getStatus);
        if (ended.isPresent()) {
            if (ended.get() == JobStatus.CANCELLED) {
                return seen;
            }
            throw new ApiException(
                    ApiError.invalid(
                            "job_finished",
                            "The job has ended already: it is %s."
                                    .formatted(JobStatusWord.of(ended.get())),
                            ""));
        }
        TenantId tenant =
                seen.record()
                        .map(JobsRecord::getJob)
                        .map(job -> new TenantId(job.getTenant()))
                        .orElseThrow();
        cancellation.wish(id.value(), tenant, Instant.ofEpochMilli(clock.millis()));
        return new Sighting(seen.record().orElse(null), end(id).orElse(null));
    }

    /**
     * Deletes a job that has ended: when this returns no ingress shows it any more.
     *
     * @throws ApiException 400 when it has not ended, or goes with its batch
     */
    void delete(JobId id, Sighting seen) {
        InferenceResult result =
                seen.result()
                        .orElseThrow(() ->
                                refusal(
                                        "job_not_finished",
                                        "The job has not ended yet: cancel it first."));
        if (result.getBatchLine() != null) {
            throw refusal("batch_line", "A line of a batch is deleted with its batch.");
        }
        // in this order: a job without its acceptance can still be seen and deleted once more
        LogWriter.acknowledged(() -> forget(id, seen));
        LogWriter.acknowledged(() -> log.forgetResult(id.viewPartition(), id.value()));
        erase(id, fingerprint(seen), result.getBody());
        if (!view.awaitGone(id, HIDDEN_SOON)) {
            throw new UnavailableException(
                    "The job is deleted, but not hidden yet.", Duration.ofSeconds(1));
        }
        LOG.atInfo()
                .addKeyValue("job", id)
                .addKeyValue("tenant", result.getTenant())
                .log("job deleted");
    }

    // a key outlives its job: its repetition must make nothing new
    private CompletableFuture<Long> forget(JobId id, Sighting seen) {
        if (seen.spent().isPresent()) {
            return CompletableFuture.completedFuture(0L);
        }
        Optional<JobAccepted> keyed =
                seen.record().map(JobsRecord::getJob).filter(job -> job.getFingerprint() != null);
        return keyed.isEmpty()
                ? log.forget(id.viewPartition(), id.value())
                : log.jobs(
                        id.viewPartition(),
                        id.value(),
                        JobsRecord.newBuilder().setSpentKey(spent(keyed.get())).build());
    }

    private static SpentKey spent(JobAccepted job) {
        return SpentKey.newBuilder()
                .setTenant(job.getTenant())
                .setFingerprint(String.valueOf(job.getFingerprint()))
                .setAcceptedAt(job.getAcceptedAt())
                .build();
    }

    private Optional<InferenceResult> end(JobId id) {
        try {
            return view.awaitResult(id, SETTLED_SOON);
        } catch (UnavailableException e) {
            LOG.atDebug().addKeyValue("job", id).setCause(e).log("end of a job is not seen");
            return Optional.empty(); // the wish is written all the same
        }
    }

    private static @Nullable String fingerprint(Sighting seen) {
        return seen.record().map(JobsRecord::getJob).map(JobAccepted::getFingerprint).orElse(null);
    }

    private void erase(JobId id, @Nullable String fingerprint, @Nullable Payload answer) {
        erase(id, new BlobRef(Submission.bodyKey(id, fingerprint), 0L, ""));
        if (answer != null && answer.getBlob() != null) {
            erase(id, answer.getBlob());
        }
    }

    private void erase(JobId id, BlobRef blob) {
        try {
            blobs.delete(blob);
        } catch (IOException e) {
            LOG.atWarn()
                    .addKeyValue("job", id)
                    .setCause(e)
                    .log("a body of a deleted job could not be erased");
        }
    }

    private static ApiException refusal(String code, String message) {
        return new ApiException(ApiError.invalid(code, message, ""));
    }
}
