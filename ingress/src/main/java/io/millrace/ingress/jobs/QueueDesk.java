package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.millrace.ingress.admission.QueueQuota;
import io.millrace.ingress.admission.QueueVerdict;
import io.millrace.ingress.admission.Queued;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.http.Answers;
import io.millrace.ingress.http.ApiException;
import io.millrace.ingress.http.Inputs;
import io.millrace.schemas.id.JobId;
import io.millrace.schemas.id.TenantId;
import io.millrace.servicekit.http.Json;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Holds the queues of tenants to their quotas, over all ingresses. Thread-safe.
 *
 * <p>What this ingress lets in is counted exactly and at once. What the others hold is asked of
 * them when their last word is 100 ms old; and when little room is left, once more for each job,
 * after it was counted here: of two that come at the same time to two ingresses, one sees the
 * other.
 */
public final class QueueDesk implements QueueGate {

    private static final Duration RECENT = Duration.ofMillis(100);

    private final Supplier<Control> control;
    private final QueuedWork own;
    private final OtherQueues others;

    /**
     * Wires the desk.
     *
     * @param partitions how many the view has, all ingresses together
     * @param askOthers asks all other ingresses on an inner route
     */
    public QueueDesk(
            Supplier<Control> control,
            QueuedWork own,
            int partitions,
            Function<String, List<byte[]>> askOthers,
            InstantSource clock) {
        this.control = control;
        this.own = own;
        this.others = new OtherQueues(own, partitions, askOthers, clock);
    }

    @Override
    public void enter(JobId job, TenantId tenant, long tokens) {
        QueueQuota quota = QueueQuota.of(tenant, control.get());
        if (quota.none()) {
            return;
        }
        Queued wanted = new Queued(1, tokens);
        Queued heard = others.of(tenant, RECENT);
        require(own.enter(job, tenant, wanted, here -> quota.judge(here.plus(heard), wanted)));
        if (quota.tight(own.of(tenant).plus(heard))) {
            lookAgain(job, tenant, quota, wanted);
        }
    }

    private void lookAgain(JobId job, TenantId tenant, QueueQuota quota, Queued wanted) {
        try {
            Queued elsewhere = others.now(tenant);
            require(quota.judge(own.of(tenant).minus(wanted).plus(elsewhere), wanted));
        } catch (RuntimeException e) {
            own.leave(job, tenant);
            throw e;
        }
    }

    @Override
    public void accepted(JobId job, TenantId tenant) {
        // another ingress counts it, and nobody would tell this one
        if (!own.holds(job.viewPartition())) {
            own.leave(job, tenant);
        }
    }

    @Override
    public void leave(JobId job, TenantId tenant) {
        own.leave(job, tenant);
    }

    @Override
    public void requireRoom(TenantId tenant) {
        QueueQuota quota = QueueQuota.of(tenant, control.get());
        if (quota.none()) {
            return;
        }
        Queued one = new Queued(1, 1);
        require(quota.judge(own.of(tenant).plus(others.of(tenant, RECENT)), one));
    }

    /** Returns the inner routes that the other ingresses ask on, below {@code /internal/queued}. */
    public HttpService innerRoutes() {
        return this::routing;
    }

    private void routing(HttpRules rules) {
        rules.get("/{tenant}", this::answer);
    }

    private void answer(ServerRequest request, ServerResponse answer) {
        Queued queued = own.of(new TenantId(Inputs.id(request, "tenant")));
        ObjectNode body = Json.object();
        body.put("jobs", queued.jobs());
        body.put("tokens", queued.tokens());
        body.put("partitions", own.partitions());
        Answers.json(answer, 200, body);
    }

    private static void require(QueueVerdict verdict) {
        switch (verdict) {
            case QueueVerdict.Room() -> {}
            case QueueVerdict.Full(var error) -> throw new ApiException(error);
        }
    }
}
