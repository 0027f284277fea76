package io.millrace.standalone.documents;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.servicekit.http.Json;
import io.millrace.standalone.client.Batch;
import io.millrace.standalone.client.BatchResults;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Makes the answers of a batch that has ended into one file a document. */
final class Collector {

    private final Manifest manifest;
    private final Path results;
    private final Path scratch;
    private final BatchResults answers;

    /**
     * @param results folder for the documents' results
     * @param scratch folder for what is downloaded
     */
    Collector(Manifest manifest, Path results, Path scratch, BatchResults answers) {
        this.manifest = manifest;
        this.results = results;
        this.scratch = scratch;
        this.answers = answers;
    }

    /** Writes results; what was not answered has failed. */
    void collect(Batch batch, Map<String, Entry> documents)
            throws IOException, InterruptedException {
        Map<String, String> names = new HashMap<>();
        documents.forEach(
                (name, entry) -> names.put(InputParts.id(name, entry.fingerprint()), name));
        fail(documents, "batch %s %s".formatted(batch.id(), batch.status()));
        Path file = scratch.resolve("answers.jsonl");
        answers.write(batch, file);
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                JsonNode answered = Json.parse(line.getBytes(StandardCharsets.UTF_8));
                String name = names.getOrDefault(answered.path("custom_id").asText(), "");
                Entry entry = documents.get(name);
                if (entry != null) {
                    manifest.put(name, ended(name, entry, Answer.of(answered)));
                }
            }
        }
        Files.delete(file);
    }

    /** Gives documents up until the next run. */
    void fail(Map<String, Entry> documents, String reason) {
        documents.forEach(
                (name, entry) -> manifest.put(name, entry.ended(Entry.State.FAILED, reason)));
    }

    private Entry ended(String name, Entry entry, Answer answer) throws IOException {
        return switch (answer) {
            case Answer.None(String reason) -> entry.ended(Entry.State.FAILED, reason);
            case Answer.Result(String suffix, String content) -> {
                WholeFile.write(
                        results.resolve(name + suffix), content.getBytes(StandardCharsets.UTF_8));
                yield entry.ended(Entry.State.DONE, name + suffix);
            }
        };
    }
}
