package io.millrace.dispatcher.provider.json;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.servicekit.http.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/** Makes the provider's body of the client's: its own name of the model, and never a stream. */
final class RequestBody {

    private static final int ROOM = 64;

    private RequestBody() {}

    /** Returns the body to send, or nothing when the client's is no JSON object. */
    static Optional<byte[]> of(byte[] body, String model) {
        ByteArrayOutputStream written = new ByteArrayOutputStream(body.length + ROOM);
        try (JsonParser from = Json.MAPPER.getFactory().createParser(body);
                JsonGenerator to = Json.MAPPER.getFactory().createGenerator(written)) {
            if (from.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            copy(from, to, model);
            if (from.nextToken() != null) {
                return Optional.empty();
            }
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be written", e);
        }
        return Optional.of(written.toByteArray());
    }

    private static void copy(JsonParser from, JsonGenerator to, String model) throws IOException {
        to.writeStartObject();
        to.writeStringField("model", model);
        while (from.nextToken() == JsonToken.FIELD_NAME) {
            String name = from.currentName();
            from.nextToken();
            switch (name) {
                case "model", "stream", "stream_options" -> from.skipChildren();
                default -> {
                    to.writeFieldName(name);
                    to.copyCurrentStructureExact(
                            from); // or 0.10 would become 0.1, and more be lost
                }
            }
        }
        to.writeEndObject();
        to.flush();
    }
}
