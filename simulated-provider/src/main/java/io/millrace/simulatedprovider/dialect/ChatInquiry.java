package io.millrace.simulatedprovider.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A question to OpenAI's {@code POST /v1/chat/completions}.
 *
 * @param maximum the tokens that the answer may have
 * @param isStream whether events are wanted
 * @param wantsUsage whether a stream is to have an event with the usage
 */
record ChatInquiry(
        String model, Conversation messages, int maximum, boolean isStream, boolean wantsUsage)
        implements Inquiry {

    static ChatInquiry of(String model, JsonNode body) throws InvalidInquiryException {
        OptionalInt newer = Json.positive(body, "max_completion_tokens");
        OptionalInt older = Json.positive(body, "max_tokens");
        return new ChatInquiry(
                model,
                Conversation.of(body, model),
                newer.isPresent() ? newer.getAsInt() : older.orElse(Integer.MAX_VALUE),
                body.path("stream").asBoolean(),
                body.path("stream_options").path("include_usage").asBoolean());
    }

    @Override
    public Answered answer(Rendering rendering) {
        Completion completion =
                Completion.of(messages.last(), rendering.seed(), rendering.words(), maximum);
        Usage usage = new Usage(messages.tokens(), completion.words().size());
        Optional<ObjectNode> claimed = OpenAiUsage.ofChat(usage, rendering.claim());
        Answer answer =
                isStream
                        ? Answer.stream(events(completion, claimed, rendering))
                        : Answer.json(Json.bytes(whole(completion, claimed, rendering)));
        return new Answered(answer, usage);
    }

    private ObjectNode whole(Completion completion, Optional<ObjectNode> usage, Rendering r) {
        ObjectNode answer = frame("chat.completion", r);
        ObjectNode choice = answer.withArray("choices").addObject().put("index", 0);
        choice.putObject("message")
                .put("role", "assistant")
                .put("content", completion.text())
                .putNull("refusal");
        choice.putNull("logprobs").put("finish_reason", reason(completion));
        usage.ifPresent(claimed -> answer.set("usage", claimed));
        return answer;
    }

    private List<String> events(Completion completion, Optional<ObjectNode> usage, Rendering r) {
        List<String> events = new ArrayList<>();
        events.add(event(chunk(r, Json.object().put("role", "assistant").put("content", ""))));
        for (String delta : completion.deltas()) {
            events.add(event(chunk(r, Json.object().put("content", delta))));
        }
        ObjectNode last = chunk(r, Json.object());
        ((ObjectNode) last.path("choices").path(0)).put("finish_reason", reason(completion));
        events.add(event(last));
        if (wantsUsage && usage.isPresent()) {
            ObjectNode counted = frame("chat.completion.chunk", r);
            counted.putArray("choices");
            counted.set("usage", usage.get());
            events.add(event(counted));
        }
        events.add("data: [DONE]\n\n");
        return events;
    }

    private ObjectNode chunk(Rendering rendering, ObjectNode delta) {
        ObjectNode chunk = frame("chat.completion.chunk", rendering);
        ObjectNode choice = chunk.withArray("choices").addObject().put("index", 0);
        choice.set("delta", delta);
        choice.putNull("logprobs").putNull("finish_reason");
        return chunk;
    }

    private ObjectNode frame(String object, Rendering rendering) {
        return Json.object()
                .put("id", "chatcmpl-" + rendering.call())
                .put("object", object)
                .put("created", rendering.now().getEpochSecond())
                .put("model", model);
    }

    private static String reason(Completion completion) {
        return completion.isCut() ? "length" : "stop";
    }

    private static String event(ObjectNode chunk) {
        return "data: " + Json.text(chunk) + "\n\n";
    }
}
