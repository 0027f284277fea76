package io.millrace.ingress.jobs;

import io.helidon.webserver.http.ServerRequest;
import io.millrace.ingress.auth.Authentication;
import io.millrace.ingress.auth.Caller;
import io.millrace.ingress.auth.Role;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Inputs;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.JobsRecord;
import io.millrace.schemas.id.JobId;

/**
 * The jobs that a caller may see: its tenant's, or any for an operator. Somebody else's is as
 * missing as one that never was.
 */
record OwnJobs(Authentication authentication, JobView view) {

    /** A job that its caller may see. */
    record Seen(JobId id, Sighting sighting) {}

    /**
     * Returns the job that a request's path names.
     *
     * @param needed one of these the caller must have
     * @throws ApiException 404 when there is none for this caller
     */
    Seen named(ServerRequest request, Role... needed) {
        Caller caller = authentication.caller(request).withAnyOf(needed);
        JobId id = JobId.parse(Inputs.id(request, "id")).orElseThrow(OwnJobs::missing);
        Sighting seen = view.job(id);
        String owner =
                seen.record()
                        .map(JobsRecord::getJob)
                        .map(JobAccepted::getTenant)
                        .or(() -> seen.result().map(InferenceResult::getTenant))
                        .orElse("");
        boolean operator = caller.operator() && caller.scope().isEmpty();
        if (owner.isEmpty() || (!operator && !owner.equals(caller.tenantName()))) {
            throw missing();
        }
        return new Seen(id, seen);
    }

    static ApiException missing() {
        return new ApiException(ApiError.notFound("job_not_found", "There is no such job."));
    }
}
