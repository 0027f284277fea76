package io.millrace.ingress.jobs;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.ViewPartition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is known of every job, batch and file, whichever ingress holds it. Thread-safe.
 *
 * <p>A question about an id that another ingress holds is forwarded to it. An id that is not known
 * yet makes its owner read to the end of the partition first, so that "none" is the truth.
 *
 * <p>Every question may throw {@link UnavailableException} while the partition is being restored or
 * its owner cannot be reached.
 */
public interface JobView {

    /** Returns what was accepted under an id of a job, batch or file. */
    Optional<JobsRecord> record(String id);

    /** Returns the terminal state of a job, or none while it has none or is not known. */
    Optional<InferenceResult> result(JobId id);

    /** Returns the terminal state of a job as soon as there is one, or none after that time. */
    Optional<InferenceResult> awaitResult(JobId id, Duration atMost);

    /**
     * Returns whether a job that was deleted is gone, as soon as it is or after that time.
     *
     * @throws UnavailableException when that cannot be said
     */
    boolean awaitGone(JobId id, Duration atMost);

    /** Returns both of a job at once. */
    Sighting job(JobId id);

    /** Returns a page of what a tenant has. */
    List<Listed> list(ListQuery query);

    /** Returns the partitions that this process holds, restored and up to date. */
    Set<ViewPartition> ownedPartitions();

    /** Returns one of the partitions that this process holds, each as likely as the other. */
    ViewPartition anyOwned();

    /** Returns what was accepted, as far as this process has read a partition it holds. */
    Optional<JobsRecord> localRecord(String id);

    /** Returns the terminal state, as far as this process has read a partition it holds. */
    Optional<InferenceResult> localResult(JobId id);

    /**
     * Asks the ingress that holds a partition on an inner route, shown the internal credential.
     *
     * @param pathAndQuery such as {@code /internal/batch/…}
     * @return the body of its 200, or none on its 404
     */
    Optional<byte[]> askOwner(ViewPartition partition, String pathAndQuery);

    /**
     * Tells the ingress that holds a partition to do something, by a POST on an inner route.
     *
     * @return the body of its 200, or none on its 404
     */
    Optional<byte[]> tellOwner(ViewPartition partition, String path);
}
