package io.millrace.servicekit.config;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Reads YAML with every scalar as the text that stands there. What it means is its setting's to
 * say: YAML itself would take a secret {@code 0123} for 83 and a version {@code 1.10} for 1.1.
 */
final class YamlTexts {

    private static final YAMLFactory FACTORY =
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private YamlTexts() {}

    /** Returns the one document; null's node when there is none. */
    static JsonNode read(String text) throws IOException {
        try (JsonParser parser = FACTORY.createParser(text)) {
            JsonNode root = node(parser, parser.nextToken());
            if (parser.nextToken() != null) {
                throw new JsonParseException(parser, "must be one document, but is several");
            }
            return root;
        }
    }

    // Nesting is bounded by the parser.
    private static JsonNode node(JsonParser parser, @Nullable JsonToken token) throws IOException {
        if (token == null || token == JsonToken.VALUE_NULL || isNothing(parser)) {
            return NODES.nullNode();
        }
        if (token == JsonToken.START_OBJECT) {
            return mapping(parser);
        }
        return token == JsonToken.START_ARRAY ? list(parser) : NODES.textNode(parser.getText());
    }

    // The parser tells `key:` and `key: ""` apart by nothing but the place they take.
    private static boolean isNothing(JsonParser parser) throws IOException {
        return parser.currentToken() == JsonToken.VALUE_STRING
                && parser.getText().isEmpty()
                && parser.currentTokenLocation().getCharOffset()
                        == parser.currentLocation().getCharOffset();
    }

    private static ObjectNode mapping(JsonParser parser) throws IOException {
        ObjectNode mapping = NODES.objectNode();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            mapping.set(key, node(parser, parser.nextToken()));
        }
        return mapping;
    }

    private static ArrayNode list(JsonParser parser) throws IOException {
        ArrayNode list = NODES.arrayNode();
        for (JsonToken next = parser.nextToken();
                next != JsonToken.END_ARRAY;
                next = parser.nextToken()) {
            list.add(node(parser, next));
        }
        return list;
    }
}
