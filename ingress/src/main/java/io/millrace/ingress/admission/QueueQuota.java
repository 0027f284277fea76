package io.millrace.ingress.admission;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.ingress.control.Control;
import io.millrace.ingress.http.ApiError;
import io.millrace.schemas.avro.TenantState;
import io.millrace.schemas.id.TenantId;
import io.millrace.schemas.money.TokenEstimate;
import io.millrace.schemas.money.Tokens;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How much of a tenant's work may be accepted and not yet ended: the quotas {@code queued-jobs} and
 * {@code queued-tokens}. Synchronous calls do not count: their client waits, so they do not.
 *
 * @param jobs jobs and lines of batches at most
 * @param tokens tokens that they may use at most
 */
public record QueueQuota(long jobs, long tokens) {

    /** No quota. */
    public static final QueueQuota NONE = new QueueQuota(Long.MAX_VALUE, Long.MAX_VALUE);

    private static final int TOO_MANY = 429;
    private static final double TIGHT = 0.8;
    private static final int FEW_JOBS = 100;

    // a queue that is full empties at the pace of its calls: to ask each second would be in vain
    private static final Duration AGAIN = Duration.ofSeconds(5);

    /** Returns the quota of a tenant. */
    public static QueueQuota of(TenantId tenant, Control control) {
        Optional<TenantState> state = control.tenant(tenant);
        return state.map(each ->
                        new QueueQuota(
                                orNone(each.getQueuedJobs()), orNone(each.getQueuedTokens())))
                .orElse(NONE);
    }

    /** Returns the most tokens that a request for that model may use, estimated by its body. */
    public static long charge(String endpoint, JsonNode body, String model, Control control) {
        Long most =
                control.model(model).map(each -> each.state().getMaxOutputTokens()).orElse(null);
        return TokenEstimate.of(endpoint, body, most == null ? Tokens.NONE : new Tokens(most))
                .most();
    }

    /** Returns whether nothing is limited. */
    public boolean none() {
        return equals(NONE);
    }

    /** Returns whether so little room is left that it matters what was accepted a moment ago. */
    public boolean tight(Queued queued) {
        return queued.jobs() > Math.min(share(jobs), jobs - FEW_JOBS)
                || queued.tokens() > share(tokens);
    }

    /** Judges work that is wanted beside what is queued. */
    public QueueVerdict judge(Queued queued, Queued wanted) {
        if (wanted.tokens() > tokens) {
            return new QueueVerdict.Full(
                    full(
                                    "The request may use %d tokens, and the quota queued-tokens of"
                                            + " this tenant is %d.",
                                    wanted.tokens(), tokens)
                            .withoutRetry());
        }
        if (queued.jobs() > jobs - wanted.jobs()) {
            return new QueueVerdict.Full(
                    full(
                                    "%d jobs are queued, and the quota queued-jobs of this tenant"
                                            + " is %d.",
                                    queued.jobs(), jobs)
                            .after(AGAIN));
        }
        if (queued.tokens() > tokens - wanted.tokens()) {
            return new QueueVerdict.Full(
                    full(
                                    "%d tokens are queued, and the quota queued-tokens of this"
                                            + " tenant is %d.",
                                    queued.tokens(), tokens)
                            .after(AGAIN));
        }
        return new QueueVerdict.Room();
    }

    private static ApiError full(String message, long one, long other) {
        return ApiError.of(
                TOO_MANY, "rate_limit_error", "queue_full", message.formatted(one, other), "");
    }

    private static long share(long limit) {
        return limit == Long.MAX_VALUE ? limit : (long) (limit * TIGHT);
    }

    private static long orNone(@Nullable Long limit) {
        return limit == null ? Long.MAX_VALUE : limit;
    }
}
