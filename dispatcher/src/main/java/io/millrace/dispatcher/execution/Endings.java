package io.millrace.dispatcher.execution;

import io.millrace.dispatcher.execution.Verdict.End;
import io.millrace.dispatcher.provider.ProviderError;
import io.millrace.dispatcher.routing.Route;
import io.millrace.dispatcher.routing.Target;
import io.millrace.dispatcher.settlement.Settlement;
import io.millrace.dispatcher.settlement.Settlement.Ending.Moved;
import io.millrace.dispatcher.settlement.Settlement.Ending.Terminal;
import io.millrace.schemas.avro.ErrorDetail;
import io.millrace.schemas.avro.Handoff;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.Payload;
import io.millrace.schemas.avro.SlotRecord;
import io.millrace.schemas.avro.Submit;
import io.millrace.schemas.avro.UsageRecord;
import io.millrace.schemas.blob.ClaimCheck;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.schemas.money.Price;
import io.millrace.schemas.topic.Topic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns a job and the verdict on it into what is settled. */
final class Endings {

    private static final Map<Topic, Duration> RETRIES =
            Map.of(
                    Topic.RETRIES_5S, Duration.ofSeconds(5),
                    Topic.RETRIES_30S, Duration.ofSeconds(30),
                    Topic.RETRIES_5M, Duration.ofMinutes(5),
                    Topic.RETRIES_30M, Duration.ofMinutes(30));

    private final ClaimCheck claimCheck;

    Endings(ClaimCheck claimCheck) {
        this.claimCheck = claimCheck;
    }

    /**
     * Returns the settlement that ends a job.
     *
     * @throws IOException when a large body cannot be stored
     */
    Settlement end(Job job, End end, Optional<Route> route, Instant now) throws IOException {
        Progress progress = job.progress();
        Price price = route.map(Route::price).orElse(Price.FREE);
        NanoDollars cost = price.cost(progress.known());
        InferenceResult result = result(job, end, cost, now);
        Terminal terminal =
                new Terminal(result, usage(job, end, price, cost, now), progress.waste());
        return settlement(job, terminal, handoff(job, end, result.getBody()));
    }

    /** Returns the settlement that moves a job to the next longer retry topic. */
    Settlement later(Job job, Duration wait, Instant now) {
        Topic topic = nextLonger(wait);
        Optional<Target> target = job.progress().last().map(Progress.Last::target);
        Submit again =
                Submit.newBuilder(job.submit())
                        .setAttempts(job.progress().attempts())
                        .setNotBefore(now.plus(wait))
                        .setUsage(job.progress().known().toRecord())
                        .setStartedAt(job.progress().startedAt().orElse(null))
                        .setProvider(target.map(Target::provider).orElse(null))
                        .setProviderModel(target.map(Target::model).orElse(null))
                        .setHistory(job.progress().history())
                        .build();
        SlotRecord moved = SlotRecord.newBuilder().setSubmit(again).build();
        return settlement(
                job,
                new Moved(topic, moved, job.traceparent(), job.progress().waste()),
                job.progress().made());
    }

    private static Settlement settlement(
            Job job, Settlement.Ending ending, Optional<Handoff> handoff) {
        return new Settlement(
                job.slot(), job.source(), job.offset(), job.progress().journal(), ending, handoff);
    }

    /** What a next owner is told: the answer as it came, which the result need not have. */
    private static Optional<Handoff> handoff(Job job, End end, @Nullable Payload stored) {
        byte[] body = job.progress().last().map(Progress.Last::body).orElse(new byte[0]);
        if (body.length == 0 || job.progress().made().isEmpty()) {
            return job.progress().made();
        }
        if (stored != null && Arrays.equals(body, end.body())) {
            return job.progress().made().map(made -> Handoffs.with(made, stored));
        }
        return body.length <= ClaimCheck.INLINE_BYTES
                ? job.progress()
                        .made()
                        .map(made -> Handoffs.with(made, new Payload(ByteBuffer.wrap(body), null)))
                : Optional.empty();
    }

    private static Topic nextLonger(Duration wait) {
        return RETRIES.entrySet().stream()
                .filter(retry -> retry.getValue().compareTo(wait) >= 0)
                .min(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse(Topic.RETRIES_30M);
    }

    private InferenceResult result(Job job, End end, NanoDollars cost, Instant now)
            throws IOException {
        Submit submit = job.submit();
        Progress progress = job.progress();
        Optional<Target> target = progress.last().map(Progress.Last::target);
        return InferenceResult.newBuilder()
                .setJobId(submit.getJobId())
                .setTenant(submit.getTenant())
                .setStatus(end.status())
                .setHttpStatus(end.httpStatus() == 0 ? null : (Integer) end.httpStatus())
                .setBody(payload(job, end.body()))
                .setError(detail(end.error()))
                .setEndpoint(submit.getRequest().getEndpoint())
                .setModel(submit.getModel())
                .setProvider(target.map(Target::provider).orElse(null))
                .setProviderModel(target.map(Target::model).orElse(null))
                .setUsage(progress.known().toRecord())
                .setCostNanoUsd(cost.amount())
                .setAttempts(progress.attempts())
                .setAcceptedAt(submit.getAcceptedAt())
                .setStartedAt(progress.startedAt().orElse(null))
                .setCompletedAt(now)
                .setBatchLine(submit.getBatchLine())
                .setSource(
                        submit.getOrigin() == null
                                ? job.position()
                                : submit.getOrigin().getPosition())
                .setOrigin(submit.getOrigin())
                .setHistory(progress.history())
                .setRetryAfterMs(end.retryAfter().map(Duration::toMillis).orElse(null))
                .build();
    }

    private static UsageRecord usage(Job job, End end, Price price, NanoDollars cost, Instant now) {
        Submit submit = job.submit();
        Progress progress = job.progress();
        Optional<Target> target = progress.last().map(Progress.Last::target);
        return UsageRecord.newBuilder()
                .setJobId(submit.getJobId())
                .setTenant(submit.getTenant())
                .setKeyId(submit.getKeyId())
                .setModel(submit.getModel())
                .setProvider(target.map(Target::provider).orElse(""))
                .setTarget(target.map(Target::model).orElse(""))
                .setEndpoint(submit.getRequest().getEndpoint())
                .setTier(job.tier())
                .setBatch(submit.getBatchLine() != null)
                .setStatus(end.status())
                .setUsage(progress.known().toRecord())
                .setAttempts(progress.attempts())
                .setPriceVersion(price.version())
                .setCostNanoUsd(cost.amount())
                .setStartedAt(progress.startedAt().orElse(now))
                .setCompletedAt(now)
                .build();
    }

    private @Nullable Payload payload(Job job, byte[] body) throws IOException {
        if (body.length == 0) {
            return null;
        }
        return claimCheck.checkIn(body, bodyKey(job));
    }

    /** Returns the name of the last answer to a job in the blob store. */
    static String bodyKey(Job job) {
        return "results/%s-%d".formatted(job.id(), job.progress().attempts());
    }

    private static @Nullable ErrorDetail detail(ProviderError error) {
        return error.equals(Verdict.NO_ERROR)
                ? null
                : new ErrorDetail(error.code(), error.message(), error.type(), null);
    }
}
