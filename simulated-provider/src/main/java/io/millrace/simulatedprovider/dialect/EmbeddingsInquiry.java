package io.millrace.simulatedprovider.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * A question to OpenAI's {@code POST /v1/embeddings}.
 *
 * @param inputs the texts to embed; lists of token numbers become the text of their numbers
 * @param isBase64 whether vectors are wanted as base64 of little-endian float32
 */
record EmbeddingsInquiry(String model, List<String> inputs, int dimensions, boolean isBase64)
        implements Inquiry {

    private static final int DEFAULT_DIMENSIONS = 8;
    private static final int MOST_DIMENSIONS = 4_096;
    private static final int MOST_INPUTS = 2_048;

    static EmbeddingsInquiry of(String model, JsonNode body) throws InvalidInquiryException {
        int dimensions = Json.positive(body, "dimensions").orElse(DEFAULT_DIMENSIONS);
        if (dimensions > MOST_DIMENSIONS) {
            throw new InvalidInquiryException(
                    model, "dimensions must be at most " + MOST_DIMENSIONS);
        }
        String encoding = body.path("encoding_format").asText("float");
        if (!encoding.equals("float") && !encoding.equals("base64")) {
            throw new InvalidInquiryException(model, "encoding_format must be float or base64");
        }
        return new EmbeddingsInquiry(
                model, inputs(model, body.path("input")), dimensions, encoding.equals("base64"));
    }

    @Override
    public Answered answer(Rendering rendering) {
        Usage usage = new Usage(inputs.stream().mapToLong(Words::count).sum(), 0);
        ObjectNode answer = Json.object().put("object", "list").put("model", model);
        ArrayNode data = answer.putArray("data");
        for (String input : inputs) {
            Vector vector = Vector.of(input, rendering.seed(), dimensions);
            ObjectNode item =
                    data.addObject().put("object", "embedding").put("index", data.size() - 1);
            item.set("embedding", isBase64 ? vector.base64() : vector.floats());
        }
        OpenAiUsage.ofEmbeddings(usage, rendering.claim())
                .ifPresent(claimed -> answer.set("usage", claimed));
        return new Answered(Answer.json(Json.bytes(answer)), usage);
    }

    private static List<String> inputs(String model, JsonNode input)
            throws InvalidInquiryException {
        if (input.isTextual() || isTokens(input)) {
            return List.of(text(input));
        }
        if (!input.isArray() || input.isEmpty() || input.size() > MOST_INPUTS) {
            throw new InvalidInquiryException(
                    model, "input must be a text or a list of 1 to " + MOST_INPUTS);
        }
        List<String> texts = new ArrayList<>(input.size());
        for (JsonNode item : input) {
            if (!item.isTextual() && !isTokens(item)) {
                throw new InvalidInquiryException(model, "input must hold texts or tokens");
            }
            texts.add(text(item));
        }
        return List.copyOf(texts);
    }

    private static boolean isTokens(JsonNode item) {
        return item.isArray()
                && !item.isEmpty()
                && StreamSupport.stream(item.spliterator(), false).allMatch(JsonNode::isInt);
    }

    private static String text(JsonNode item) {
        if (item.isTextual()) {
            return item.asText();
        }
        StringBuilder tokens = new StringBuilder();
        item.forEach(token -> tokens.append(token.asInt()).append(' '));
        return tokens.toString();
    }
}
