package io.millrace.servicekit.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A mapping of the configuration file, which knows where it stands in it.
 *
 * <p>{@code ${NAME}} within a value reads the environment. Every refusal is a {@link
 * ConfigException} that names file and key. Immutable.
 */
public final class Section {

    private final String file;
    private final String path;
    private final ObjectNode values;
    private final Map<String, String> environment;

    Section(String file, String path, ObjectNode values, Map<String, String> environment) {
        this.file = file;
        this.path = path;
        this.values = values;
        this.environment = Map.copyOf(environment);
    }

    /** Returns the environment that references are read from. */
    public Map<String, String> environment() {
        return environment;
    }

    /**
     * Returns this section with other values in place, such as those a command knows better than
     * the file; refusals still name the file.
     */
    public Section edited(UnaryOperator<ObjectNode> edit) {
        return new Section(file, path, edit.apply(values.deepCopy()), environment);
    }

    /** Returns whether the key is there. */
    public boolean has(String key) {
        return values.hasNonNull(key);
    }

    /** Returns the value of a setting, or its default. Refuses when there is neither. */
    public <T> T get(Setting<T> setting) {
        return find(setting).orElseThrow(() -> refusal(setting.key(), "is missing"));
    }

    /** Returns the value of a setting, or its default, or nothing when there is neither. */
    public <T> Optional<T> find(Setting<T> setting) {
        Optional<String> text =
                scalar(setting.key(), values.get(setting.key())).or(setting::defaultText);
        return text.map(value -> parse(setting.key(), setting, value));
    }

    /** Returns the values of a list of scalars, or of one scalar; empty when absent. */
    public <T> List<T> all(Setting<T> setting) {
        JsonNode node = values.get(setting.key());
        if (node == null || !node.isArray()) {
            return find(setting).map(List::of).orElse(List.of());
        }
        List<T> found = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            String key = "%s[%d]".formatted(setting.key(), i);
            String text = scalar(key, node.get(i)).orElseThrow(() -> refusal(key, "is missing"));
            found.add(parse(key, setting, text));
        }
        return List.copyOf(found);
    }

    /** Returns the mapping under a key; an empty one when absent. */
    public Section section(String key) {
        JsonNode node = values.get(key);
        if (node == null || node.isNull()) {
            return child(key, JsonNodeFactory.instance.objectNode());
        }
        return mapping(key, node);
    }

    /** Returns the mappings of the list under a key; none when absent. */
    public List<Section> list(String key) {
        JsonNode node = values.get(key);
        if (node == null || node.isNull()) {
            return List.of();
        }
        if (!node.isArray()) {
            throw refusal(key, "must be a list");
        }
        List<Section> sections = new ArrayList<>();
        for (int i = 0; i < node.size(); i++) {
            sections.add(mapping("%s[%d]".formatted(key, i), node.get(i)));
        }
        return List.copyOf(sections);
    }

    /** Returns the mapping under a key as texts, whatever its keys are; empty when absent. */
    public Map<String, String> texts(String key) {
        Section section = section(key);
        Map<String, String> texts = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : section.values.properties()) {
            String name = entry.getKey();
            section.scalar(name, entry.getValue())
                    .ifPresent(text -> texts.put(name, section.expanded(name, text)));
        }
        return texts;
    }

    /** Refuses every key that is not among the known ones. */
    public void allow(List<String> known) {
        for (String key : (Iterable<String>) values::fieldNames) {
            if (!known.contains(key)) {
                throw refusal(key, "unknown key; known are " + known);
            }
        }
    }

    /** Returns the refusal of a key of this section, for what only the caller can judge. */
    public ConfigException refusal(String key, String reason) {
        return new ConfigException(file, qualified(key), reason);
    }

    /** Tells where the section stands and nothing of what is in it. */
    @Override
    public String toString() {
        return "Section[%s: %s]".formatted(file, path);
    }

    private <T> T parse(String key, Setting<T> setting, String text) {
        String value = setting.verbatim() ? text : expanded(key, text);
        try {
            return setting.parser().apply(value);
        } catch (IllegalArgumentException e) {
            throw refusal(key, String.valueOf(e.getMessage()));
        }
    }

    private String expanded(String key, String text) {
        try {
            return Variables.expanded(text, environment);
        } catch (IllegalArgumentException e) {
            throw refusal(key, String.valueOf(e.getMessage()));
        }
    }

    private Optional<String> scalar(String key, @Nullable JsonNode node) {
        if (node == null || node.isNull()) {
            return Optional.empty();
        }
        if (!node.isValueNode()) {
            throw refusal(key, "must be a single value");
        }
        return Optional.of(node.asText());
    }

    private Section mapping(String key, JsonNode node) {
        if (node instanceof ObjectNode mapping) {
            return child(key, mapping);
        }
        throw refusal(key, "must be a mapping of keys to values");
    }

    private Section child(String key, ObjectNode mapping) {
        return new Section(file, qualified(key), mapping, environment);
    }

    private String qualified(String key) {
        return path.isEmpty() ? key : path + "." + key;
    }
}
