package io.millrace.standalone.documents;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import io.millrace.servicekit.http.MalformedJsonException;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What was done with which document, in one file that is always whole. */
final class Manifest {

    private static final String DOCUMENTS = "documents";

    private final Path file;
    private final SortedMap<String, Entry> entries = new TreeMap<>();

    private Manifest(Path file) {
        this.file = file;
    }

    /**
     * Reads a manifest; there is nothing in one that is not there.
     *
     * @throws RefusedException when it cannot be read
     */
    static Manifest in(Path file) {
        Manifest manifest = new Manifest(file);
        try {
            if (Files.exists(file)) {
                JsonNode json = Json.parse(Files.readAllBytes(file));
                json.path(DOCUMENTS)
                        .propertyStream()
                        .forEach(entry -> manifest.put(entry.getKey(), entry(entry.getValue())));
            }
            return manifest;
        } catch (IOException | MalformedJsonException | IllegalArgumentException e) {
            throw new RefusedException(
                    "%s: cannot be read, delete it to begin anew: %s"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    Optional<Entry> get(String document) {
        return Optional.ofNullable(entries.get(document));
    }

    void put(String document, Entry entry) {
        entries.put(document, entry);
    }

    /** Returns what runs: the documents of each batch's input file. */
    Map<String, SortedMap<String, Entry>> running() {
        return entries.entrySet().stream()
                .filter(entry -> entry.getValue().state() == Entry.State.RUNNING)
                .collect(
                        Collectors.groupingBy(
                                entry -> entry.getValue().detail(),
                                TreeMap::new,
                                Collectors.toMap(
                                        Map.Entry::getKey,
                                        Map.Entry::getValue,
                                        (one, _) -> one,
                                        TreeMap::new)));
    }

    /** Writes all of it. */
    void write() throws IOException {
        ObjectNode json = Json.object();
        ObjectNode documents = json.putObject(DOCUMENTS);
        entries.forEach((name, entry) ->
                documents
                        .putObject(name)
                        .put("fingerprint", entry.fingerprint())
                        .put("state", entry.state().name().toLowerCase(Locale.ROOT))
                        .put("detail", entry.detail()));
        WholeFile.write(file, Json.bytes(json));
    }

    private static Entry entry(JsonNode json) {
        return new Entry(
                json.path("fingerprint").asText(),
                Entry.State.valueOf(json.path("state").asText().toUpperCase(Locale.ROOT)),
                json.path("detail").asText());
    }
}
