package io.millrace.ingress.jobs;

import io.millrace.ingress.admission.QueueQuota;
import io.millrace.ingress.admission.QueueVerdict;
import io.millrace.ingress.admission.Queued;
import io.millrace.ingress.http.ApiException;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A queue that is full when a test says so. */
public final class FakeQueue implements QueueGate {

    private final List<String> inside = new CopyOnWriteArrayList<>();
    private volatile boolean full;

    /** Lets nothing in from now on, or all again. */
    public void full(boolean now) {
        full = now;
    }

    List<String> inside() {
        return inside;
    }

    @Override
    public void enter(JobId job, TenantId tenant, long tokens) {
        requireRoom(tenant);
        inside.add(job.value());
    }

    @Override
    public void accepted(JobId job, TenantId tenant) {}

    @Override
    public void leave(JobId job, TenantId tenant) {
        inside.remove(job.value());
    }

    @Override
    public void requireRoom(TenantId tenant) {
        Queued one = new Queued(1, 1);
        if (full && new QueueQuota(1, 9).judge(one, one) instanceof QueueVerdict.Full(var error)) {
            throw new ApiException(error);
        }
    }
}
