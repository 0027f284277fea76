package io.millrace.standalone.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import io.millrace.standalone.process.RefusedException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file to submit as a batch.
 *
 * @param file lines in OpenAI's shape
 * @param sha256 of its content, in hexadecimal digits
 * @param endpoint the path that all its lines call
 * @param window how long the batch may take, such as {@code 24h}
 */
public record BatchInput(Path file, String sha256, String endpoint, String window) {

    /** What every ingress takes by default. */
    private static final long LARGEST = 200L * 1024 * 1024;

    /**
     * Reads a file's content once.
     *
     * @param endpoint empty for the one that the first line names
     * @throws RefusedException when it cannot be read, or cannot be a batch's input
     */
    public static BatchInput of(Path file, String endpoint, String window) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new RefusedException(file + ": there is no such file");
            }
            long size = Files.size(file);
            if (size == 0 || size > LARGEST) {
                throw new RefusedException(
                        "%s: must have 1 to %d bytes, but has %d".formatted(file, LARGEST, size));
            }
            return new BatchInput(
                    file,
                    Digest.sha256().file(file).hex(),
                    endpoint.isEmpty() ? endpointOfFirstLine(file) : endpoint,
                    window);
        } catch (IOException e) {
            throw new RefusedException("%s: cannot be read: %s".formatted(file, e), e);
        }
    }

    /** Returns the name under which its submission to an API is written down. */
    String stateName(ApiClient api) {
        String key = Digest.sha256().text(sha256).text(api.base().toString()).text(endpoint).hex();
        return "batch-%s.millrace".formatted(key.substring(0, 32));
    }

    private static String endpointOfFirstLine(Path file) throws IOException {
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            String line = lines.readLine();
            JsonNode first = Json.parse(String.valueOf(line).getBytes(StandardCharsets.UTF_8));
            if (!first.path("url").isTextual()) {
                throw new RefusedException(file + ": line 1 has no url; --endpoint can name it");
            }
            return first.path("url").textValue();
        } catch (MalformedJsonException | CharacterCodingException e) {
            throw new RefusedException(
                    "%s: line 1 is no line of a batch: %s".formatted(file, e.getMessage()), e);
        }
    }
}
