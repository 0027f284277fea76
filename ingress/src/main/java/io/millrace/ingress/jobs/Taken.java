package io.millrace.ingress.jobs;

import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.avro.SpentKey;

/** What became of a wish. */
sealed interface Taken {

    /** It is a job. */
    sealed interface Job extends Taken {

        /** Returns the job. */
        JobAccepted job();
    }

    /** It became a job. */
    record New(JobAccepted job) implements Job {}

    /** It had become this job before, by its idempotency key. */
    record Before(JobAccepted job) implements Job {}

    /** Its idempotency key belongs to another wish. */
    record OtherWish() implements Taken {}

    /** The job that it had become was deleted. */
    record Deleted() implements Taken {}

    /**
     * Returns what becomes of a wish when there is a record of its id already.
     *
     * @param fingerprint of the wish
     */
    static Taken beside(JobsRecord there, String fingerprint) {
        JobAccepted job = there.getJob();
        if (job != null) {
            return fingerprint.equals(job.getFingerprint()) ? new Before(job) : new OtherWish();
        }
        SpentKey spent = there.getSpentKey();
        return spent != null && fingerprint.equals(spent.getFingerprint())
                ? new Deleted()
                : new OtherWish();
    }
}
