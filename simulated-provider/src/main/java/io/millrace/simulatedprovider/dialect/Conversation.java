package io.millrace.simulatedprovider.dialect;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What the messages of a question say.
 *
 * @param tokens the words of all of them
 * @param last the text of the last one
 */
record Conversation(long tokens, String last) {

    static Conversation of(JsonNode body, String model) throws InvalidInquiryException {
        JsonNode messages = body.path("messages");
        if (!messages.isArray() || messages.isEmpty()) {
            throw new InvalidInquiryException(model, "messages must be a list of at least one");
        }
        long tokens = 0;
        String text = "";
        for (JsonNode message : messages) {
            if (!message.path("role").isTextual()) {
                throw new InvalidInquiryException(model, "each message must have a role");
            }
            text = text(message.path("content"));
            tokens += Words.count(text);
        }
        return new Conversation(tokens, text);
    }

    /** Text as such, or the text parts of a list of parts. */
    static String text(JsonNode content) {
        if (content.isTextual()) {
            return content.asText();
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode part : content) {
            text.append(part.path("text").asText()).append(' ');
        }
        return text.toString();
    }
}
