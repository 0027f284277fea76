package io.millrace.ingress.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.ingress.admission.Endpoints;
import io.millrace.ingress.admission.WebhookWish;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.schemas.avro.BatchState;
import io.millrace.schemas.id.FileId;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The wish for a batch, its fields checked.
 *
 * @param input where its lines come from
 * @param endpoint the path that all its lines call
 * @param window how long it may take
 * @param metadata key and value pairs of the client
 * @param webhook where its own events are to be sent; null for nowhere
 * @param outputExpiresAfterSeconds how long its files are kept; none for the deployment's retention
 */
record CreateBatch(
        BatchInput input,
        String endpoint,
        CompletionWindow window,
        Map<String, String> metadata,
        @Nullable WebhookWish webhook,
        OptionalLong outputExpiresAfterSeconds) {

    private static final Set<String> FIELDS =
            Set.of(
                    "input_file_id",
                    "requests",
                    "endpoint",
                    "completion_window",
                    "metadata",
                    "output_expires_after",
                    "webhook");
    private static final int MAX_PAIRS = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 512;
    private static final long MIN_KEPT_SECONDS = 3_600;
    private static final long MAX_KEPT_SECONDS = 2_592_000;

    CreateBatch {
        metadata = Map.copyOf(metadata);
    }

    /**
     * Reads the body of a request.
     *
     * @throws ApiException 400 that names the field
     */
    static CreateBatch read(byte[] body) {
        ObjectNode json = object(body);
        for (String name : (Iterable<String>) json::fieldNames) {
            if (!FIELDS.contains(name)) {
                throw wrong("unknown_parameter", "Unknown parameter: '%s'.".formatted(name), name);
            }
        }
        if (!json.has("requests")) {
            text(json, "input_file_id");
        }
        String endpoint = text(json, "endpoint");
        if (!Endpoints.supported(endpoint)) {
            throw wrong(
                    Endpoints.notYet(endpoint) ? "unsupported_endpoint" : "invalid_value",
                    "endpoint must be %s or %s.".formatted(Endpoints.CHAT, Endpoints.EMBEDDINGS),
                    "endpoint");
        }
        String window = text(json, "completion_window");
        return new CreateBatch(
                input(json),
                endpoint,
                CompletionWindow.parse(window)
                        .orElseThrow(() ->
                                wrong(
                                        "invalid_value",
                                        "completion_window must be 24h, or a whole number with s,"
                                                + " m or h between 1m and 7 days.",
                                        "completion_window")),
                metadata(json.path("metadata")),
                WebhookWish.read(json.get("webhook")).orElse(null),
                kept(json.path("output_expires_after")));
    }

    /** Returns the wish for a batch like one that was accepted before. */
    static CreateBatch again(BatchState batch) {
        Long kept = batch.getOutputExpiresAfterSeconds();
        return new CreateBatch(
                new BatchInput.Uploaded(new FileId(batch.getInputFileId())),
                batch.getEndpoint(),
                CompletionWindow.parse(batch.getCompletionWindow()).orElseThrow(),
                batch.getMetadata(),
                null,
                kept == null ? OptionalLong.empty() : OptionalLong.of(kept));
    }

    /** Returns the refusal of an input file that is not there, or not for this caller. */
    static ApiException noSuchFile(String fileId) {
        String shown = fileId.length() > MAX_KEY ? fileId.substring(0, MAX_KEY) : fileId;
        return wrong(
                "invalid_value", "No such File object: '%s'.".formatted(shown), "input_file_id");
    }

    private static BatchInput input(ObjectNode json) {
        if (!json.has("requests")) {
            String id = text(json, "input_file_id");
            return new BatchInput.Uploaded(FileId.parse(id).orElseThrow(() -> noSuchFile(id)));
        }
        if (json.has("input_file_id")) {
            throw wrong(
                    "invalid_value", "requests cannot be given beside input_file_id.", "requests");
        }
        JsonNode requests = json.path("requests");
        if (!requests.isArray() || requests.isEmpty()) {
            throw wrong("invalid_value", "requests must be an array of at least one.", "requests");
        }
        ByteArrayOutputStream jsonl = new ByteArrayOutputStream();
        for (int i = 0; i < requests.size(); i++) {
            if (!(requests.path(i) instanceof ObjectNode line)) {
                throw wrong(
                        "invalid_type",
                        "Each of requests must be an object.",
                        "requests[%d]".formatted(i));
            }
            // what can be left out here, as the batch has it
            line.putIfAbsent("method", TextNode.valueOf("POST"));
            line.putIfAbsent("url", json.path("endpoint"));
            jsonl.writeBytes(Json.bytes(line));
            jsonl.write('\n');
        }
        return new BatchInput.Inline(jsonl.toByteArray());
    }

    static ObjectNode object(byte[] body) {
        try {
            if (Json.parse(body) instanceof ObjectNode object) {
                return object;
            }
        } catch (MalformedJsonException e) {
            throw wrong("invalid_json", String.valueOf(e.getMessage()), "");
        }
        throw wrong("invalid_json", "The body must be a JSON object.", "");
    }

    private static String text(ObjectNode json, String name) {
        JsonNode node = json.path(name);
        if (node.isMissingNode() || node.isNull()) {
            throw wrong(
                    "missing_required_parameter",
                    "Missing required parameter: '%s'.".formatted(name),
                    name);
        }
        if (!node.isTextual()) {
            throw wrong("invalid_type", "%s must be a text.".formatted(name), name);
        }
        return node.textValue();
    }

    private static Map<String, String> metadata(JsonNode node) {
        Map<String, String> metadata = new LinkedHashMap<>();
        if (node.isMissingNode() || node.isNull()) {
            return metadata;
        }
        if (!node.isObject() || node.size() > MAX_PAIRS) {
            throw wrong(
                    "invalid_value",
                    "metadata must be an object of at most %d pairs.".formatted(MAX_PAIRS),
                    "metadata");
        }
        node.propertyStream()
                .forEach(pair -> {
                    String value = pair.getValue().textValue();
                    if (value == null
                            || value.length() > MAX_VALUE
                            || pair.getKey().length() > MAX_KEY) {
                        throw wrong(
                                "invalid_value",
                                "metadata must have texts of at most %d characters under names of at most %d."
                                        .formatted(MAX_VALUE, MAX_KEY),
                                "metadata");
                    }
                    metadata.put(pair.getKey(), value);
                });
        return metadata;
    }

    private static OptionalLong kept(JsonNode node) {
        if (node.isMissingNode() || node.isNull()) {
            return OptionalLong.empty();
        }
        JsonNode seconds = node.path("seconds");
        boolean good =
                "created_at".equals(node.path("anchor").textValue())
                        && seconds.canConvertToLong()
                        && seconds.isIntegralNumber()
                        && seconds.longValue() >= MIN_KEPT_SECONDS
                        && seconds.longValue() <= MAX_KEPT_SECONDS;
        if (!good) {
            throw wrong(
                    "invalid_value",
                    "output_expires_after must have the anchor created_at and %d to %d seconds."
                            .formatted(MIN_KEPT_SECONDS, MAX_KEPT_SECONDS),
                    "output_expires_after");
        }
        return OptionalLong.of(seconds.longValue());
    }

    private static ApiException wrong(String code, String message, String param) {
        return new ApiException(ApiError.invalid(code, message, param));
    }
}
