package io.millrace.servicekit.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;

/** Reads millrace.yaml. */
public final class ConfigFile {

    private ConfigFile() {}

    /**
     * Returns the root section of a file.
     *
     * @throws ConfigException when it cannot be read or is no mapping in YAML
     */
    public static Section read(Path file, Map<String, String> environment) {
        String name = file.toString();
        String text;
        try {
            text = Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new ConfigException(name, "", "there is no such file");
        } catch (IOException e) {
            throw new ConfigException(name, "", "cannot be read: " + e.getMessage());
        }
        return parse(name, text, environment);
    }

    /** Returns the root section of a text; the name stands for the file in messages. */
    public static Section parse(String name, String text, Map<String, String> environment) {
        try {
            JsonNode root = YamlTexts.read(text);
            if (root.isNull()) {
                return new Section(name, "", JsonNodeFactory.instance.objectNode(), environment);
            }
            if (root instanceof ObjectNode mapping) {
                return new Section(name, "", mapping, environment);
            }
            throw new ConfigException(name, "", "must be a mapping of keys to values");
        } catch (JsonProcessingException e) {
            throw new ConfigException(name, at(e), firstLine(e.getOriginalMessage()));
        } catch (IOException e) {
            throw new ConfigException(name, "", "cannot be read: " + e.getMessage());
        }
    }

    /** Returns the root section of no file at all: every setting has its default. */
    public static Section absent(Map<String, String> environment) {
        return parse("built-in defaults", "", environment);
    }

    private static String at(JsonProcessingException e) {
        return e.getLocation() == null ? "" : "line " + e.getLocation().getLineNr();
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse("is no YAML");
    }
}
