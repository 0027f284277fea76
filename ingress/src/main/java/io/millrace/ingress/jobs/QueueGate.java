package io.millrace.ingress.jobs;

import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;

/**
 * Lets work into a tenant's queue as long as its quotas have room. Implementations are thread-safe.
 */
public interface QueueGate {

    /**
     * Counts a job from now on.
     *
     * @param tokens the most that it may use
     * @throws io.millrace.ingress.http.ApiException 429 when the queue is full
     */
    void enter(JobId job, TenantId tenant, long tokens);

    /** A job that was let in was written: the view will count it. */
    void accepted(JobId job, TenantId tenant);

    /** Counts a job no more that was let in and could not be written. */
    void leave(JobId job, TenantId tenant);

    /**
     * Returns if a queue has room for a job at least.
     *
     * @throws io.millrace.ingress.http.ApiException 429 when the queue is full
     */
    void requireRoom(TenantId tenant);
}
