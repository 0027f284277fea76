package io.millrace.ingress.jobs;

import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Tells where jobs stand that have not ended. Implementations are thread-safe. */
public interface Standings {

    /** Returns what is known of jobs of one tenant, by their ids, within half a second. */
    Map<String, Standing> of(Collection<JobId> jobs, TenantId tenant);

    /** Returns what is known of one job. */
    default Standing of(JobId job, TenantId tenant) {
        return of(List.of(job), tenant).getOrDefault(job.value(), Standing.UNKNOWN);
    }
}
