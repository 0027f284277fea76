package io.millrace.ingress.batch;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.schemas.avro.BatchInputError;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.avro.TokenUsage;
import io.millrace.schemas.money.NanoDollars;
import io.millrace.servicekit.http.Json;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A batch as clients see it: OpenAI's object, absent fields omitted, and its cost. */
final class BatchJson {

    private BatchJson() {}

    /** Returns the object of a batch whose lines have come that far. */
    static ObjectNode of(BatchState batch, Counts counts) {
        ObjectNode json = Json.object();
        json.put("id", batch.getBatchId());
        json.put("object", "batch");
        json.put("endpoint", batch.getEndpoint());
        errors(json, batch);
        json.put("input_file_id", batch.getInputFileId());
        json.put("completion_window", batch.getCompletionWindow());
        json.put("status", status(batch));
        text(json, "output_file_id", batch.getOutputFileId());
        text(json, "error_file_id", batch.getErrorFileId());
        times(json, batch);
        ObjectNode requests = json.putObject("request_counts");
        requests.put("total", batch.getTotalLines());
        requests.put("completed", counts.completed());
        requests.put("failed", counts.failed());
        bill(json, batch);
        if (!batch.getMetadata().isEmpty()) {
            ObjectNode metadata = json.putObject("metadata");
            batch.getMetadata().forEach(metadata::put);
        }
        return json;
    }

    /** Returns the word for a batch's state. */
    static String status(BatchState batch) {
        return batch.getStatus().name().toLowerCase(Locale.ROOT);
    }

    private static void errors(ObjectNode json, BatchState batch) {
        if (batch.getErrors().isEmpty()) {
            return;
        }
        ObjectNode errors = json.putObject("errors");
        errors.put("object", "list");
        ArrayNode data = errors.putArray("data");
        for (BatchInputError error : batch.getErrors()) {
            ObjectNode entry = data.addObject();
            entry.put("code", error.getCode());
            entry.put("message", error.getMessage());
            if (error.getLine() != null) {
                entry.put("line", error.getLine());
            }
            text(entry, "param", error.getParam());
        }
    }

    private static void times(ObjectNode json, BatchState batch) {
        time(json, "created_at", batch.getCreatedAt());
        time(json, "in_progress_at", batch.getInProgressAt());
        time(json, "expires_at", batch.getExpiresAt());
        time(json, "finalizing_at", batch.getFinalizingAt());
        time(json, "completed_at", batch.getCompletedAt());
        time(json, "failed_at", batch.getFailedAt());
        time(json, "expired_at", batch.getExpiredAt());
        time(json, "cancelling_at", batch.getCancellingAt());
        time(json, "cancelled_at", batch.getCancelledAt());
    }

    private static void bill(ObjectNode json, BatchState batch) {
        TokenUsage usage = batch.getUsage();
        if (usage == null) {
            return;
        }
        ObjectNode tokens = json.putObject("usage");
        tokens.put("input_tokens", usage.getInputTokens());
        tokens.putObject("input_tokens_details").put("cached_tokens", usage.getCachedInputTokens());
        tokens.put("output_tokens", usage.getOutputTokens());
        tokens.putObject("output_tokens_details")
                .put("reasoning_tokens", usage.getReasoningTokens());
        tokens.put("total_tokens", TokenSums.sum(usage.getInputTokens(), usage.getOutputTokens()));
        ObjectNode cost = json.putObject("cost");
        cost.put("value", plain(new NanoDollars(batch.getCostNanoUsd()).toUsd()));
        cost.put("currency", "usd");
    }

    // 0 and 12, not 0E-9 and 1.2E+1
    private static BigDecimal plain(BigDecimal usd) {
        BigDecimal shortest = usd.stripTrailingZeros();
        return shortest.setScale(Math.max(0, shortest.scale()));
    }

    private static void text(ObjectNode json, String name, @Nullable String value) {
        if (value != null) {
            json.put(name, value);
        }
    }

    private static void time(ObjectNode json, String name, @Nullable Instant value) {
        if (value != null) {
            json.put(name, value.getEpochSecond());
        }
    }
}
