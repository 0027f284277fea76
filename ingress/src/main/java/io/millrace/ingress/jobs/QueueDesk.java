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
 * <p>What this ingress lets in is counted exactly and at once. What the others let in is asked of
 * them: when the last word is a second old, and when little room is left, a tenth of that.
 */
public final class QueueDesk implements QueueGate {

    private static final Duration CALM = Duration.ofSeconds(1);
    private static final Duration TIGHT = Duration.ofMillis(100);

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
        Queued elsewhere = elsewhere(tenant, quota, wanted);
        require(own.enter(job, tenant, wanted, here -> quota.judge(here.plus(elsewhere), wanted)));
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
        require(quota.judge(own.of(tenant).plus(elsewhere(tenant, quota, one)), one));
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

    private Queued elsewhere(TenantId tenant, QueueQuota quota, Queued wanted) {
        Queued said = others.of(tenant, CALM);
        return quota.tight(own.of(tenant).plus(said).plus(wanted))
                ? others.of(tenant, TIGHT)
                : said;
    }

    private static void require(QueueVerdict verdict) {
        switch (verdict) {
            case QueueVerdict.Room() -> {}
            case QueueVerdict.Full(var error) -> throw new ApiException(error);
        }
    }
}
