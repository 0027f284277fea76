package io.millrace.simulatedprovider.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Optional;

/** The paths at which questions are asked. */
public enum Endpoint {
    CHAT_COMPLETIONS("/v1/chat/completions"),
    EMBEDDINGS("/v1/embeddings"),
    MESSAGES("/v1/messages");

    private final String path;

    Endpoint(String path) {
        this.path = path;
    }

    public static Optional<Endpoint> at(String path) {
        return Arrays.stream(values()).filter(endpoint -> endpoint.path.equals(path)).findAny();
    }

    public String path() {
        return path;
    }

    /** Reads a question. */
    public Inquiry read(byte[] request) throws InvalidInquiryException {
        JsonNode body =
                Json.object(request)
                        .orElseThrow(() ->
                                new InvalidInquiryException("", "the body must be a JSON object"));
        if (!body.path("model").isTextual()) {
            throw new InvalidInquiryException("", "model must be a text");
        }
        String model = body.path("model").asText();
        return switch (this) {
            case CHAT_COMPLETIONS -> ChatInquiry.of(model, body);
            case EMBEDDINGS -> EmbeddingsInquiry.of(model, body);
            case MESSAGES -> MessagesInquiry.of(model, body);
        };
    }

    /**
     * An error in the endpoint's shape.
     *
     * @param code what OpenAI's shape says besides the status; Anthropic's has no place for it
     */
    public Answer error(int status, String code, String message) {
        return switch (this) {
            case CHAT_COMPLETIONS, EMBEDDINGS -> ErrorBody.openAi(status, code, message);
            case MESSAGES -> ErrorBody.anthropic(status, message);
        };
    }
}
