package io.millrace.simulatedprovider.dialect;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.millrace.simulatedprovider.behaviour.UsageClaim;
import java.math.BigInteger;
import java.util.Optional;
import java.util.function.LongFunction;

/** The member {@code usage} of OpenAI's answers. */
final class OpenAiUsage {

    private static final BigInteger BEYOND = BigInteger.TEN.pow(30);

    private OpenAiUsage() {}

    static Optional<ObjectNode> ofChat(Usage usage, UsageClaim claim) {
        return numbers(usage, claim)
                .map(n ->
                        Json.object()
                                .<ObjectNode>set("prompt_tokens", n.input())
                                .<ObjectNode>set("completion_tokens", n.output())
                                .set("total_tokens", n.total()));
    }

    static Optional<ObjectNode> ofEmbeddings(Usage usage, UsageClaim claim) {
        return numbers(usage, claim)
                .map(n ->
                        Json.object()
                                .<ObjectNode>set("prompt_tokens", n.input())
                                .set("total_tokens", n.total()));
    }

    static Optional<Numbers> numbers(Usage usage, UsageClaim claim) {
        long input = usage.inputTokens();
        long output = usage.outputTokens();
        return switch (claim) {
            case TRUE -> numbers(input, output, LongNode::valueOf);
            case NEGATIVE -> numbers(-1 - input, -1 - output, LongNode::valueOf);
            case HUGE -> numbers(input, output, _ -> LongNode.valueOf(Long.MAX_VALUE));
            case OVERFLOW -> numbers(input, output, _ -> BigIntegerNode.valueOf(BEYOND));
            case FRACTION -> numbers(input, output, count -> DoubleNode.valueOf(count + 0.5));
            case TEXT -> numbers(input, output, count -> TextNode.valueOf(Long.toString(count)));
            case ABSENT -> Optional.empty();
        };
    }

    private static Optional<Numbers> numbers(
            long input, long output, LongFunction<JsonNode> written) {
        return Optional.of(
                new Numbers(
                        written.apply(input),
                        written.apply(output),
                        written.apply(input + output)));
    }

    /** What is claimed; numbers or not. */
    record Numbers(JsonNode input, JsonNode output, JsonNode total) {}
}
