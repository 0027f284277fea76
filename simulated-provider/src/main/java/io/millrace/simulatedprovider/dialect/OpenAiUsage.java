package io.millrace.simulatedprovider.dialect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.simulatedprovider.behaviour.UsageClaim;
import java.util.Optional;

/** The member {@code usage} of OpenAI's answers. */
final class OpenAiUsage {

    private OpenAiUsage() {}

    static Optional<ObjectNode> ofChat(Usage usage, UsageClaim claim) {
        return numbers(usage, claim)
                .map(n ->
                        Json.object()
                                .put("prompt_tokens", n.input())
                                .put("completion_tokens", n.output())
                                .put("total_tokens", n.total()));
    }

    static Optional<ObjectNode> ofEmbeddings(Usage usage, UsageClaim claim) {
        return numbers(usage, claim)
                .map(n ->
                        Json.object()
                                .put("prompt_tokens", n.input())
                                .put("total_tokens", n.total()));
    }

    static Optional<Numbers> numbers(Usage usage, UsageClaim claim) {
        long input = usage.inputTokens();
        long output = usage.outputTokens();
        return switch (claim) {
            case TRUE -> Optional.of(new Numbers(input, output, input + output));
            case NEGATIVE -> Optional.of(new Numbers(-1 - input, -1 - output, -2 - input - output));
            case HUGE -> Optional.of(new Numbers(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE));
            case ABSENT -> Optional.empty();
        };
    }

    /** What is claimed; any number at all. */
    record Numbers(long input, long output, long total) {}
}
