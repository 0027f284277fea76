package io.millrace.ingress.batch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.millrace.schemas.avro.BatchLine;
import io.millrace.schemas.avro.ErrorDetail;
import io.millrace.schemas.avro.InferenceResult;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * Writes a line's result in the form of OpenAI's output files.
 *
 * <p>What was answered over HTTP, well or not, is a {@code response}; what was not is an {@code
 * error}. One of the two is null.
 */
final class OutputLine {

    private OutputLine() {}

    /**
     * Returns the line with its break.
     *
     * @param body the answer's body; empty when there is none
     */
    static byte[] of(InferenceResult result, byte[] body) {
        ObjectNode line = Json.object();
        line.put("id", requestId(result.getJobId()));
        line.put("custom_id", customId(result));
        Optional<ObjectNode> response = response(result, body);
        if (response.isPresent()) {
            line.set("response", response.get());
            line.putNull("error");
        } else {
            line.putNull("response");
            line.set("error", error(result));
        }
        byte[] json = Json.bytes(line);
        byte[] withBreak = Arrays.copyOf(json, json.length + 1);
        withBreak[json.length] = '\n';
        return withBreak;
    }

    private static Optional<ObjectNode> response(InferenceResult result, byte[] body) {
        Integer status = result.getHttpStatus();
        boolean answered =
                switch (LineEnd.kind(result)) {
                    case COMPLETED -> true;
                    case FAILED -> status != null;
                    case EXPIRED, CANCELLED -> false;
                };
        if (!answered) {
            return Optional.empty();
        }
        ObjectNode response = Json.object();
        response.put("status_code", status == null ? 200 : status);
        response.put("request_id", result.getJobId());
        response.set("body", body(result, body));
        return Optional.of(response);
    }

    private static JsonNode body(InferenceResult result, byte[] body) {
        if (body.length == 0) {
            return errorBody(result);
        }
        if (oneJsonValue(body)) {
            return new POJONode(new RawValue(new String(body, StandardCharsets.UTF_8)));
        }
        try {
            return Json.parse(body);
        } catch (MalformedJsonException _) {
            // an error page of something in front of the provider
            return Json.object().textNode(new String(body, StandardCharsets.UTF_8));
        }
    }

    // Copied as it is where that keeps the line a line: a vector need not be taken to pieces.
    private static boolean oneJsonValue(byte[] body) {
        for (byte b : body) {
            if (b == '\n' || b == '\r') {
                return false;
            }
        }
        try (JsonParser parser = Json.MAPPER.createParser(body)) {
            parser.nextToken();
            parser.skipChildren();
            return parser.nextToken() == null;
        } catch (IOException _) {
            return false;
        }
    }

    private static ObjectNode errorBody(InferenceResult result) {
        ObjectNode body = Json.object();
        ErrorDetail detail = result.getError();
        if (detail != null) {
            ObjectNode error = body.putObject("error");
            error.put("message", detail.getMessage());
            error.put("type", detail.getType());
            error.put("param", detail.getParam());
            error.put("code", detail.getCode());
        }
        return body;
    }

    private static ObjectNode error(InferenceResult result) {
        ObjectNode error = Json.object();
        switch (LineEnd.kind(result)) {
            case EXPIRED -> {
                error.put("code", "batch_expired");
                error.put(
                        "message",
                        "This request could not be executed before the completion window expired.");
            }
            case CANCELLED -> {
                error.put("code", "batch_cancelled");
                error.put(
                        "message", "This request was not executed before the batch was cancelled.");
            }
            case COMPLETED, FAILED -> {
                ErrorDetail detail = result.getError();
                error.put("code", detail == null ? "server_error" : detail.getCode());
                error.put("message", detail == null ? "The request failed." : detail.getMessage());
            }
        }
        return error;
    }

    /**
     * Returns the id of a line: OpenAI calls it batch_req_…; ours is the job's, under that prefix.
     */
    static String requestId(String jobId) {
        return "batch_req_" + jobId.replaceFirst("^batch_", "");
    }

    private static String customId(InferenceResult result) {
        BatchLine line = result.getBatchLine();
        if (line == null) {
            throw new IllegalArgumentException("no line of a batch: " + result.getJobId());
        }
        return line.getCustomId();
    }
}
