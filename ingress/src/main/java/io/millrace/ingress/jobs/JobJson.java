package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.AttemptReport;
import io.millrace.schemas.avro.ErrorDetail;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.schemas.avro.JobAccepted;
import io.millrace.schemas.avro.Tier;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.servicekit.http.Json;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Writes jobs as clients read them; what is not known is absent. */
final class JobJson {

    private final Supplier<URI> advertised;

    /**
     * Writes jobs whose results lie below that address.
     *
     * @param advertised without a path
     */
    JobJson(Supplier<URI> advertised) {
        this.advertised = advertised;
    }

    /** Returns a job that was accepted, with its terminal state if it has one. */
    ObjectNode of(JobAccepted job, Sighting sighting) {
        return of(job, sighting, Standing.UNKNOWN);
    }

    /**
     * Returns a job that was accepted, with its terminal state if it has one.
     *
     * @param standing where it stands while it has none
     */
    ObjectNode of(JobAccepted job, Sighting sighting, Standing standing) {
        boolean open = sighting.result().isEmpty();
        ObjectNode body = head(job.getJobId(), sighting);
        if (open) {
            body.put("status", standing.word());
        }
        body.put("endpoint", job.getEndpoint());
        body.put("model", job.getModel());
        body.put("service_tier", tier(job.getTier()));
        put(body, "created_at", job.getAcceptedAt());
        Optional<InferenceResult> result = sighting.result();
        put(
                body,
                "started_at",
                open
                        ? standing.startedAt()
                        : result.map(InferenceResult::getStartedAt).orElse(null));
        put(body, "completed_at", result.map(InferenceResult::getCompletedAt).orElse(null));
        put(body, "expires_at", job.getExpiresAt());
        result.ifPresent(ended -> ended(body, ended));
        if (open) {
            standing(body, standing);
        }
        body.put("result_url", resultUrl(job.getJobId()));
        ObjectNode metadata = body.putObject("metadata");
        job.getMetadata().forEach(metadata::put);
        return body;
    }

    /** Returns a line of a batch, which is known by its terminal state alone. */
    ObjectNode of(InferenceResult result) {
        ObjectNode body = head(result.getJobId(), new Sighting(null, result));
        body.put("endpoint", result.getEndpoint());
        body.put("model", result.getModel());
        body.put("service_tier", "batch");
        put(body, "created_at", result.getAcceptedAt());
        put(body, "started_at", result.getStartedAt());
        put(body, "completed_at", result.getCompletedAt());
        ended(body, result);
        body.put("result_url", resultUrl(result.getJobId()));
        body.putObject("metadata");
        return body;
    }

    private static ObjectNode head(String id, Sighting sighting) {
        ObjectNode body = Json.object();
        body.put("id", id);
        body.put("object", "job");
        body.put("status", JobStatusWord.of(sighting));
        return body;
    }

    private static void standing(ObjectNode body, Standing standing) {
        if (standing.attempts() > 0) {
            body.put("attempts", standing.attempts());
            history(body, standing.history());
        }
        if (standing.position() > 0) {
            body.put("queue_position", standing.position());
        }
        if (!standing.reason().isEmpty()) {
            body.put("waiting_reason", standing.reason());
        }
    }

    private static void history(ObjectNode body, List<AttemptReport> history) {
        ArrayNode attempts = body.putArray("attempt_history");
        history.forEach(attempt -> attempts.add(attempt(attempt)));
    }

    /** Returns what became of one attempt. */
    static ObjectNode attempt(AttemptReport report) {
        ObjectNode attempt = Json.object();
        attempt.put("number", report.getNumber());
        attempt.put("provider", report.getProvider());
        attempt.put("model", report.getModel());
        put(attempt, "started_at", report.getStartedAt());
        put(attempt, "ended_at", report.getEndedAt());
        attempt.put("outcome", report.getOutcome());
        if (report.getHttpStatus() != null) {
            attempt.put("status_code", report.getHttpStatus());
        }
        if (report.getError() != null) {
            attempt.put("error", report.getError());
        }
        return attempt;
    }

    private static void ended(ObjectNode body, InferenceResult result) {
        body.put("attempts", result.getAttempts());
        history(body, result.getHistory());
        ErrorDetail error = result.getError();
        if (error != null) {
            ObjectNode detail = body.putObject("error");
            detail.put("code", error.getCode());
            detail.put("message", error.getMessage());
            detail.put("type", error.getType());
        }
        TokenUsage usage = result.getUsage();
        ObjectNode tokens = body.putObject("usage");
        tokens.put("input_tokens", usage.getInputTokens());
        tokens.put("output_tokens", usage.getOutputTokens());
        tokens.put("total_tokens", usage.getInputTokens() + usage.getOutputTokens());
        tokens.putObject("input_tokens_details").put("cached_tokens", usage.getCachedInputTokens());
        tokens.putObject("output_tokens_details")
                .put("reasoning_tokens", usage.getReasoningTokens());
        body.putObject("cost")
                .put("value", new NanoDollars(result.getCostNanoUsd()).toUsd().doubleValue())
                .put("currency", "usd");
    }

    private static String tier(Tier tier) {
        return tier == Tier.UNKNOWN ? "default" : tier.name().toLowerCase(Locale.ROOT);
    }

    private String resultUrl(String id) {
        return advertised.get().resolve("/v1/jobs/" + id + "/result").toString();
    }

    private static void put(ObjectNode body, String field, @Nullable Instant at) {
        if (at != null) {
            body.put(field, at.getEpochSecond());
        }
    }
}
