package io.millrace.schemas.evolution;

import io.millrace.schemas.avro.InferenceRequest;
import io.millrace.schemas.topic.Topic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;

/**
 * The schemas of every version that was ever deployed, each in a folder of its own.
 *
 * <p>{@code mvn test -pl schemas -Devolution.freeze=v2} writes today's into a new folder. A folder
 * that is there is never written again: records of that version may lie in somebody's topics.
 */
final class FrozenSchemas {

    private static final Path FOLDER = Path.of("src/test/resources/evolution");
    private static final String ENDING = ".avsc";

    private FrozenSchemas() {}

    /** Returns today's schemas of all records that are a value in some topic, by name. */
    static Map<String, Schema> current() {
        Map<String, Schema> current = new TreeMap<>();
        Topic.subjects().values().forEach(schema -> current.put(schema.getName(), schema));
        Schema inbox = InferenceRequest.getClassSchema();
        current.put(inbox.getName(), inbox);
        return current;
    }

    /** Returns the names of the frozen versions. */
    static List<String> versions() {
        return list(FOLDER).map(folder -> folder.getFileName().toString()).sorted().toList();
    }

    /** Returns the schemas of a frozen version by name. */
    static Map<String, Schema> version(String version) {
        Map<String, Schema> schemas = new TreeMap<>();
        list(FOLDER.resolve(version))
                .forEach(file -> {
                    String name = file.getFileName().toString();
                    schemas.put(name.substring(0, name.length() - ENDING.length()), read(file));
                });
        return schemas;
    }

    /** Writes today's schemas as a new version. */
    static void freeze(String version) {
        Path folder = FOLDER.resolve(version);
        try {
            Files.createDirectories(FOLDER);
            Files.createDirectory(folder);
            for (Map.Entry<String, Schema> schema : current().entrySet()) {
                Files.writeString(
                        folder.resolve(schema.getKey() + ENDING),
                        SchemaFormatter.format("json/pretty", schema.getValue()) + "\n");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot freeze " + version, e);
        }
    }

    private static Schema read(Path file) {
        try {
            return new Schema.Parser().parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Path> list(Path folder) {
        try (Stream<Path> found = Files.list(folder)) {
            return found.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
