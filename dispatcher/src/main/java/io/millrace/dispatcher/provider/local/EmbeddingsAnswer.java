package io.millrace.dispatcher.provider.local;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.servicekit.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The body of an answer in OpenAI's shape. */
final class EmbeddingsAnswer {

    private static final int FLOAT_TEXT = 14;

    private EmbeddingsAnswer() {}

    static byte[] of(List<float[]> vectors, boolean isBase64, long tokens) {
        int size = 256 + vectors.size() * (MiniLm.DIMENSIONS * (isBase64 ? 6 : FLOAT_TEXT) + 64);
        ByteArrayOutputStream body = new ByteArrayOutputStream(size);
        try (JsonGenerator json = Json.MAPPER.getFactory().createGenerator(body)) {
            json.writeStartObject();
            json.writeStringField("object", "list");
            json.writeArrayFieldStart("data");
            for (int index = 0; index < vectors.size(); index++) {
                write(json, index, vectors.get(index), isBase64);
            }
            json.writeEndArray();
            json.writeStringField("model", LocalProvider.MODEL);
            json.writeObjectFieldStart("usage");
            json.writeNumberField("prompt_tokens", tokens);
            json.writeNumberField("total_tokens", tokens);
            json.writeEndObject();
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return body.toByteArray();
    }

    private static void write(JsonGenerator json, int index, float[] vector, boolean isBase64)
            throws IOException {
        json.writeStartObject();
        json.writeStringField("object", "embedding");
        json.writeNumberField("index", index);
        if (isBase64) {
            json.writeFieldName("embedding");
            json.writeBinary(littleEndian(vector));
        } else {
            json.writeArrayFieldStart("embedding");
            for (float x : vector) {
                json.writeNumber(x);
            }
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private static byte[] littleEndian(float[] vector) {
        ByteBuffer bytes =
                ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(vector);
        return bytes.array();
    }
}
