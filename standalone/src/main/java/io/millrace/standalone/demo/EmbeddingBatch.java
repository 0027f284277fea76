package io.millrace.standalone.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import io.millrace.standalone.client.ApiException;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Passages as the lines of a batch: passage n is the line with the custom id {@code passage-n}.
 *
 * @param model name of the embedding model
 * @param passages in the order of the lines
 */
record EmbeddingBatch(String model, List<Passage> passages) {

    static final String ENDPOINT = "/v1/embeddings";

    private static final String ID_PREFIX = "passage-";

    EmbeddingBatch {
        passages = List.copyOf(passages);
    }

    /** Writes the input file. */
    void write(Path file) {
        try (BufferedWriter lines = Files.newBufferedWriter(file)) {
            for (int i = 0; i < passages.size(); i++) {
                ObjectNode line = Json.object();
                line.put("custom_id", ID_PREFIX + i);
                line.put("method", "POST");
                line.put("url", ENDPOINT);
                line.set("body", request(model, passages.get(i).text()));
                lines.write(line.toString());
                lines.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    /** Returns the passages that were embedded, as the output file says. */
    Map<Passage, float[]> embedded(byte[] output) {
        Map<Passage, float[]> embedded = new LinkedHashMap<>();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                new ByteArrayInputStream(output), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode answer = Json.parse(line.getBytes(StandardCharsets.UTF_8));
                embedded.put(
                        passage(answer.path("custom_id").asText()),
                        vector(answer.path("response").path("body")));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the output file cannot be read", e);
        }
        return embedded;
    }

    /** Returns the body of a request to embed a text. */
    static ObjectNode request(String model, String text) {
        ObjectNode body = Json.object();
        body.put("model", model);
        body.put("input", text);
        body.put("encoding_format", "float");
        return body;
    }

    /** Returns the one embedding in the answer to such a request. */
    static float[] vector(JsonNode answer) {
        JsonNode numbers = answer.path("data").path(0).path("embedding");
        if (!numbers.isArray() || numbers.isEmpty()) {
            throw new ApiException("an answer without an embedding");
        }
        float[] vector = new float[numbers.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = numbers.get(i).floatValue();
        }
        return vector;
    }

    private Passage passage(String customId) {
        int number =
                customId.startsWith(ID_PREFIX)
                        ? Integer.parseInt(customId.substring(ID_PREFIX.length()))
                        : -1;
        if (number < 0 || number >= passages.size()) {
            throw new ApiException("an answer to a line that was not sent: " + customId);
        }
        return passages.get(number);
    }
}
