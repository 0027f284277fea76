package io.millrace.ingress.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;

/**
 * The form of embeddings that a client asked for, whatever its provider sends: numbers, or base64
 * of little-endian 32-bit floats, which OpenAI's SDKs ask for by default.
 */
enum EmbeddingFormat {
    /** Numbers. */
    FLOAT,
    /** Base64. */
    BASE64;

    /** Returns the form that the body of a request asks for. */
    static EmbeddingFormat asked(ObjectNode request) {
        return "base64".equals(request.path("encoding_format").asText()) ? BASE64 : FLOAT;
    }

    /** Returns the answer in this form; what is no list of embeddings stays as it is. */
    byte[] apply(byte[] answer) {
        if (!(Json.parse(answer) instanceof ObjectNode body)) {
            return answer;
        }
        boolean changed = false;
        for (JsonNode entry : body.path("data")) {
            if (entry instanceof ObjectNode object) {
                changed |= convert(object);
            }
        }
        return changed ? Json.bytes(body) : answer;
    }

    private boolean convert(ObjectNode entry) {
        JsonNode embedding = entry.path("embedding");
        if (this == BASE64 && embedding.isArray()) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(embedding.size() * Float.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN);
            embedding.forEach(number -> bytes.putFloat(number.floatValue()));
            entry.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
            return true;
        }
        if (this == FLOAT && embedding.isTextual()) {
            return toFloats(entry, embedding);
        }
        return false;
    }

    private static boolean toFloats(ObjectNode entry, JsonNode embedding) {
        try {
            ByteBuffer bytes =
                    ByteBuffer.wrap(embedding.binaryValue()).order(ByteOrder.LITTLE_ENDIAN);
            ArrayNode numbers = Json.MAPPER.createArrayNode();
            while (bytes.remaining() >= Float.BYTES) {
                numbers.add(bytes.getFloat());
            }
            entry.set("embedding", numbers);
            return true;
        } catch (IOException e) {
            // no base64: the provider's answer is passed on as it came
            return false;
        }
    }
}
