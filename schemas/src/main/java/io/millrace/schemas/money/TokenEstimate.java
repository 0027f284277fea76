package io.millrace.schemas.money;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;

/**
 * What a call may use, judged by its body alone before it is made.
 *
 * <p>Text counts a token for four ASCII characters and one for any other, an image, sound or file a
 * flat sum, a list of token numbers its length. English comes out within some 20 % of the models'
 * own counts. Pure.
 *
 * @param input input tokens, estimated
 * @param maxOutput output tokens at most
 */
public record TokenEstimate(Tokens input, Tokens maxOutput) {

    private static final long MOST_TOKENS = 100_000_000;
    private static final int MOST_CHOICES = 128;
    private static final int ASCII_PER_TOKEN = 4;
    private static final long ATTACHMENT = 1_500;
    private static final int MESSAGE_FRAME = 4; // role and separators
    private static final Set<String> ATTACHMENTS =
            Set.of("image_url", "input_image", "input_audio", "image", "file", "input_file");
    private static final Set<String> INPUT =
            Set.of("messages", "input", "prompt", "instructions", "system", "tools");

    /**
     * Returns the estimate for the parsed body of an endpoint.
     *
     * @param defaultOutput output tokens when the body names no maximum
     */
    public static TokenEstimate of(String endpoint, JsonNode body, Tokens defaultOutput) {
        long input = 0;
        for (String name : INPUT) {
            input += tokens(body.path(name));
        }
        Tokens output =
                endpoint.endsWith("/embeddings") ? Tokens.NONE : maxOutput(body, defaultOutput);
        return new TokenEstimate(new Tokens(Math.min(input, MOST_TOKENS)), output);
    }

    /** Returns the tokens that a text probably has. */
    public static long ofText(String text) {
        long ascii = text.chars().filter(c -> c < 128).count();
        return (ascii + ASCII_PER_TOKEN - 1) / ASCII_PER_TOKEN + (text.length() - ascii);
    }

    /** Returns the most that the call may use, input and output. */
    public long most() {
        return input.count() + maxOutput.count();
    }

    /** Returns it as usage. */
    public Usage toUsage() {
        return new Usage(input, maxOutput, Tokens.NONE, Tokens.NONE, true);
    }

    private static Tokens maxOutput(JsonNode body, Tokens defaultOutput) {
        long each = defaultOutput.count();
        for (String name :
                new String[] {"max_completion_tokens", "max_output_tokens", "max_tokens"}) {
            JsonNode limit = body.path(name);
            if (limit.isNumber() && limit.asLong() > 0) {
                each = Math.min(limit.asLong(), MOST_TOKENS);
                break;
            }
        }
        long choices = Math.clamp(body.path("n").asLong(1), 1, MOST_CHOICES);
        return new Tokens(Math.min(each * choices, MOST_TOKENS));
    }

    private static long tokens(JsonNode node) {
        if (node.isTextual()) {
            return ofText(node.textValue());
        }
        if (node.isNumber() || node.isBoolean()) {
            return 1;
        }
        return node.isObject() ? ofObject(node) : ofItems(node);
    }

    private static long ofItems(JsonNode items) {
        long sum = 0;
        for (JsonNode item : items) {
            sum += tokens(item);
        }
        return sum;
    }

    private static long ofObject(JsonNode node) {
        if (ATTACHMENTS.contains(node.path("type").asText())) {
            return ATTACHMENT;
        }
        return ofItems(node) + (node.has("role") ? MESSAGE_FRAME : 0);
    }
}
