package io.millrace.standalone.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * Which port each part of the running process listens on, as JSON for people and scripts: {@code
 * {"kafka": 9092, "registry": 8081}}.
 */
public record PortsFile(Path path) {

    /** Replaces what it says. */
    public void write(Map<String, Integer> ports) {
        ObjectNode json = Json.object();
        new TreeMap<>(ports).forEach(json::put);
        WholeFile.write(path, json.toPrettyString() + "\n");
    }

    /** The ports of the process that runs, or of the last one that did; empty if none ever did. */
    public Map<String, Integer> read() {
        Map<String, Integer> ports = new TreeMap<>();
        if (Files.exists(path)) {
            try {
                for (Map.Entry<String, JsonNode> port :
                        Json.parse(Files.readAllBytes(path)).properties()) {
                    ports.put(port.getKey(), port.getValue().asInt());
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot read " + path, e);
            }
        }
        return Map.copyOf(ports);
    }
}
