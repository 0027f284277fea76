package io.millrace.ingress.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.ingress.http.ApiError;
import io.millrace.ingress.http.ApiException;
import io.millrace.schemas.avro.Tier;
import io.millrace.servicekit.config.Units;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the envelope of {@code POST /v1/jobs}, and the bodies of synchronous calls.
 *
 * <p>Every field of the envelope is ours, so that an unknown one is refused; the inference body may
 * carry fields we do not know.
 */
public final class Envelope {

    private static final List<String> FIELDS =
            List.of(
                    "endpoint",
                    "body",
                    "service_tier",
                    "expires_at",
                    "completion_window",
                    "metadata",
                    "webhook");
    private static final Pattern WINDOW = Pattern.compile("[1-9][0-9]{0,7}[smhd]");
    private static final Duration LONGEST_WINDOW = Duration.ofDays(30);
    private static final int MAX_MODEL = 256;
    private static final int MAX_PAIRS = 16;
    private static final int MAX_KEY = 64;
    private static final int MAX_VALUE = 512;

    private Envelope() {}

    /** Reads an envelope. */
    public static Reading read(JsonNode envelope) {
        try {
            return new Reading.Read(wish(object(envelope, "")));
        } catch (WrongFieldException e) {
            return new Reading.Unreadable(e.error());
        } catch (ApiException e) {
            return new Reading.Unreadable(e.error());
        }
    }

    /** Reads the body of a call to an endpoint itself. */
    public static Reading read(String endpoint, JsonNode body) {
        try {
            ObjectNode fields = object(body, "");
            return new Reading.Read(
                    new JobWish(
                            endpoint,
                            fields,
                            model(fields, ""),
                            tier(fields.get("service_tier")),
                            null,
                            null,
                            Map.of(),
                            null));
        } catch (WrongFieldException e) {
            return new Reading.Unreadable(e.error());
        }
    }

    private static JobWish wish(ObjectNode envelope) {
        for (String field : (Iterable<String>) envelope::fieldNames) {
            if (!FIELDS.contains(field)) {
                throw new WrongFieldException(
                        "unknown_parameter", "Unknown parameter: '" + shown(field) + "'.", field);
            }
        }
        String endpoint = endpoint(envelope);
        ObjectNode body = object(envelope.path("body"), "body");
        refuseStreaming(body);
        if (envelope.hasNonNull("expires_at") && envelope.hasNonNull("completion_window")) {
            throw new WrongFieldException(
                    "invalid_value",
                    "expires_at and completion_window exclude each other.",
                    "completion_window");
        }
        return new JobWish(
                endpoint,
                body,
                model(body, "body."),
                tier(envelope.get("service_tier")),
                instant(envelope.get("expires_at")),
                window(envelope.get("completion_window")),
                metadata(envelope.get("metadata")),
                WebhookWish.read(envelope.get("webhook")).orElse(null));
    }

    private static String endpoint(ObjectNode envelope) {
        JsonNode node = envelope.path("endpoint");
        String endpoint = node.isTextual() ? node.asText() : "";
        if (Endpoints.supported(endpoint)) {
            return endpoint;
        }
        if (Endpoints.notYet(endpoint)) {
            throw new WrongFieldException(
                    ApiError.of(
                            404,
                            "invalid_request_error",
                            "unsupported_endpoint",
                            "This endpoint is not supported yet.",
                            "endpoint"));
        }
        throw new WrongFieldException(
                node.isMissingNode() ? "missing_parameter" : "invalid_value",
                "endpoint must be /v1/chat/completions or /v1/embeddings.",
                "endpoint");
    }

    private static void refuseStreaming(ObjectNode body) {
        if (body.path("stream").asBoolean(false)) {
            throw new WrongFieldException(
                    "unsupported_parameter",
                    "A job has no connection to stream to: leave stream out.",
                    "body.stream");
        }
    }

    private static String model(ObjectNode body, String prefix) {
        JsonNode model = body.path("model");
        if (!model.isTextual() || model.asText().isEmpty() || model.asText().length() > MAX_MODEL) {
            throw new WrongFieldException(
                    model.isMissingNode() ? "missing_parameter" : "invalid_type",
                    "model must be the name of a model.",
                    prefix + "model");
        }
        return model.asText();
    }

    private static Tier tier(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return Tier.DEFAULT;
        }
        return switch (node.asText()) {
            case "auto", "default" -> Tier.DEFAULT;
            case "flex" -> Tier.FLEX;
            case "priority" -> Tier.PRIORITY;
            default ->
                    throw new WrongFieldException(
                            "invalid_value",
                            "service_tier must be auto, default, flex or priority.",
                            "service_tier");
        };
    }

    private static @Nullable Instant instant(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        try {
            if (node.isIntegralNumber() && node.canConvertToLong()) {
                return Instant.ofEpochMilli(Instant.ofEpochSecond(node.asLong()).toEpochMilli());
            }
        } catch (DateTimeException | ArithmeticException e) {
            // refused below, as what is no number
        }
        throw new WrongFieldException(
                "invalid_type", "expires_at must be a time in Unix seconds.", "expires_at");
    }

    private static @Nullable Duration window(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return null;
        }
        if (node.isTextual() && WINDOW.matcher(node.asText()).matches()) {
            Duration window = Units.duration(node.asText());
            if (window.compareTo(LONGEST_WINDOW) <= 0) {
                return window;
            }
        }
        throw new WrongFieldException(
                "invalid_value",
                "completion_window must be from 1s to 30d, such as 90s, 10m, 24h or 7d.",
                "completion_window");
    }

    private static Map<String, String> metadata(@Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return Map.of();
        }
        Map<String, String> metadata = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> pair : object(node, "metadata").properties()) {
            if (pair.getKey().length() > MAX_KEY
                    || !pair.getValue().isTextual()
                    || pair.getValue().asText().length() > MAX_VALUE) {
                throw new WrongFieldException(
                        "invalid_value",
                        "metadata keys have at most 64 characters, values are texts of at most 512.",
                        "metadata");
            }
            metadata.put(pair.getKey(), pair.getValue().asText());
        }
        if (metadata.size() > MAX_PAIRS) {
            throw new WrongFieldException(
                    "invalid_value", "metadata has at most 16 pairs.", "metadata");
        }
        return metadata;
    }

    private static ObjectNode object(JsonNode node, String param) {
        if (node instanceof ObjectNode object) {
            return object;
        }
        throw new WrongFieldException(
                node.isMissingNode() ? "missing_parameter" : "invalid_type",
                (param.isEmpty() ? "The body" : param) + " must be a JSON object.",
                param);
    }

    private static String shown(String field) {
        return field.length() > MAX_KEY ? field.substring(0, MAX_KEY) + "…" : field;
    }
}
