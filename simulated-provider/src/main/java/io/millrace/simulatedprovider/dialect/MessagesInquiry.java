package io.millrace.simulatedprovider.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.simulatedprovider.dialect.OpenAiUsage.Numbers;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A question to Anthropic's {@code POST /v1/messages}.
 *
 * @param systemTokens the words of the member {@code system}
 * @param maximum the tokens that the answer may have
 * @param isStream whether events are wanted
 */
record MessagesInquiry(
        String model, Conversation messages, long systemTokens, int maximum, boolean isStream)
        implements Inquiry {

    static MessagesInquiry of(String model, JsonNode body) throws InvalidInquiryException {
        return new MessagesInquiry(
                model,
                Conversation.of(body, model),
                Words.count(Conversation.text(body.path("system"))),
                Json.positive(body, "max_tokens")
                        .orElseThrow(() ->
                                new InvalidInquiryException(model, "max_tokens: Field required")),
                body.path("stream").asBoolean());
    }

    @Override
    public Answered answer(Rendering rendering) {
        Completion completion =
                Completion.of(messages.last(), rendering.seed(), rendering.words(), maximum);
        Usage usage = new Usage(messages.tokens() + systemTokens, completion.words().size());
        Optional<Numbers> claimed = OpenAiUsage.numbers(usage, rendering.claim());
        Answer answer =
                isStream
                        ? Answer.stream(events(completion, claimed, rendering))
                        : Answer.json(Json.bytes(whole(completion, claimed, rendering)));
        return new Answered(answer, usage);
    }

    private ObjectNode whole(Completion completion, Optional<Numbers> usage, Rendering rendering) {
        ObjectNode message = frame(rendering);
        message.withArray("content").addObject().put("type", "text").put("text", completion.text());
        message.put("stop_reason", reason(completion)).putNull("stop_sequence");
        usage.ifPresent(n -> message.set("usage", usage(n.input(), n.output())));
        return message;
    }

    private List<String> events(
            Completion completion, Optional<Numbers> usage, Rendering rendering) {
        List<String> events = new ArrayList<>();
        ObjectNode message = frame(rendering);
        message.putArray("content");
        message.putNull("stop_reason").putNull("stop_sequence");
        usage.ifPresent(n -> message.set("usage", usage(n.input(), atStart(n.output()))));
        events.add(event("message_start", Json.object().<ObjectNode>set("message", message)));
        ObjectNode block = Json.object().put("index", 0);
        block.putObject("content_block").put("type", "text").put("text", "");
        events.add(event("content_block_start", block));
        events.add(event("ping", Json.object()));
        for (String text : completion.deltas()) {
            ObjectNode delta = Json.object().put("index", 0);
            delta.putObject("delta").put("type", "text_delta").put("text", text);
            events.add(event("content_block_delta", delta));
        }
        events.add(event("content_block_stop", Json.object().put("index", 0)));
        ObjectNode end = Json.object();
        end.putObject("delta").put("stop_reason", reason(completion)).putNull("stop_sequence");
        usage.ifPresent(n -> end.putObject("usage").set("output_tokens", n.output()));
        events.add(event("message_delta", end));
        events.add(event("message_stop", Json.object()));
        return events;
    }

    private ObjectNode frame(Rendering rendering) {
        return Json.object()
                .put("id", "msg_" + rendering.call())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", model);
    }

    private static ObjectNode usage(JsonNode input, JsonNode output) {
        return Json.object().<ObjectNode>set("input_tokens", input).set("output_tokens", output);
    }

    /** The first event counts the first token only, unless what is counted makes no sense. */
    private static JsonNode atStart(JsonNode output) {
        return output.canConvertToLong() && output.asLong() > 1 ? LongNode.valueOf(1) : output;
    }

    private static String reason(Completion completion) {
        return completion.isCut() ? "max_tokens" : "end_turn";
    }

    private static String event(String type, ObjectNode data) {
        return "event: %s\ndata: %s\n\n".formatted(type, Json.text(data.put("type", type)));
    }
}
