package io.millrace.dispatcher.provider.json;

import static com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_TRAILING_TOKENS;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.millrace.servicekit.http.Json;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * What Millrace reads of an answer with a good status. The rest is passed on as it came, so no tree
 * is built of it.
 */
sealed interface Answer {

    /** Reads one member and leaves what follows it. */
    ObjectReader MEMBER = Json.MAPPER.reader().without(FAIL_ON_TRAILING_TOKENS);

    /**
     * An answer of the expected shape.
     *
     * @param usage the member of that name; missing when there is none
     */
    record Good(JsonNode usage) implements Answer {}

    /** An error in place of an answer. */
    record Failed(JsonNode error) implements Answer {}

    /**
     * No such answer.
     *
     * @param why for a person; never a part of the answer
     */
    record Malformed(String why) implements Answer {}

    /** Reads an answer of which one member, a list that is not empty, makes the shape. */
    static Answer read(byte[] body, String list) {
        if (!isUtf8(body)) {
            return new Malformed("the answer is not in UTF-8");
        }
        try (JsonParser parser = Json.MAPPER.getFactory().createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return new Malformed("the answer is no JSON object");
            }
            Answer answer = object(parser, list);
            return parser.nextToken() == null
                    ? answer
                    : new Malformed("the answer has text behind its end");
        } catch (JsonProcessingException e) {
            return new Malformed("the answer is no JSON");
        } catch (IOException e) {
            throw new UncheckedIOException("memory can be read", e);
        }
    }

    /**
     * Whether the body is not in UTF-16 or UTF-32, which the parser would read without a word and
     * the client would get as they are: JSON begins with ASCII, in UTF-8 without a zero.
     */
    private static boolean isUtf8(byte[] body) {
        for (int at = 0; at < Math.min(2, body.length); at++) {
            int first = body[at] & 0xff;
            if (first == 0 || first >= 0xfe) {
                return false;
            }
        }
        return true;
    }

    private static Answer object(JsonParser parser, String list) throws IOException {
        JsonNode usage = MissingNode.getInstance();
        JsonNode error = MissingNode.getInstance();
        boolean isThere = false;
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (name.equals(list) && value == JsonToken.START_ARRAY) {
                isThere = isListOfObjects(parser);
            } else if (name.equals("usage")) {
                usage = MEMBER.readTree(parser);
            } else if (name.equals("error")) {
                error = MEMBER.readTree(parser);
            } else {
                parser.skipChildren();
            }
        }
        if (isThere) {
            return new Good(usage);
        }
        return error.isObject() || error.isTextual()
                ? new Failed(error)
                : new Malformed("the answer has no '%s'".formatted(list));
    }

    private static boolean isListOfObjects(JsonParser parser) throws IOException {
        boolean hasItems = false;
        boolean hasOthers = false;
        JsonToken item = parser.nextToken();
        while (item != JsonToken.END_ARRAY) {
            if (item == null) {
                return false;
            }
            hasItems = true;
            hasOthers |= item != JsonToken.START_OBJECT;
            parser.skipChildren();
            item = parser.nextToken();
        }
        return hasItems && !hasOthers;
    }
}
