package io.millrace.standalone.documents;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.servicekit.http.Json;
import io.millrace.standalone.client.Digest;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Input files of batches, a new one begun whenever the open one is full. */
final class InputParts implements AutoCloseable {

    private static final long LARGEST = 150L * 1024 * 1024;

    private final Path folder;
    private final int mostLines;
    private OutputStream open = OutputStream.nullOutputStream();
    private String name = "";
    private int lines;
    private long bytes;

    /**
     * @param mostLines in a file
     */
    InputParts(Path folder, int mostLines) {
        this.folder = folder;
        this.mostLines = mostLines;
    }

    /** Returns the id of the line that asks about a document as it is now. */
    static String id(String document, String fingerprint) {
        return Digest.sha256().text(document).text(fingerprint).hex().substring(0, 32);
    }

    /** Adds a line and returns the name of the file that it went to. */
    String add(JsonNode line) throws IOException {
        byte[] written = Json.bytes(line);
        if (name.isEmpty() || lines >= mostLines || bytes + written.length >= LARGEST) {
            open.close();
            name = "part-%s.jsonl".formatted(line.path("custom_id").asText());
            open = new BufferedOutputStream(Files.newOutputStream(folder.resolve(name)));
            lines = 0;
            bytes = 0;
        }
        open.write(written);
        open.write('\n');
        lines++;
        bytes += written.length + 1;
        return name;
    }

    @Override
    public void close() throws IOException {
        open.close();
    }
}
