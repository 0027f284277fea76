package io.millrace.dispatcher.provider.json;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.dispatcher.provider.BodyTokens;
import io.millrace.schemas.money.TokenEstimate;
import io.millrace.schemas.money.Tokens;
import io.millrace.schemas.money.Usage;
import io.millrace.servicekit.http.Json;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The usage of a call: what the provider says, with our estimate in place of what is missing or
 * cannot be.
 *
 * @param usage marked as estimated when a part of it is
 * @param isAbsurd whether the provider said something that cannot be
 */
record ReadUsage(Usage usage, boolean isAbsurd) {

    // Ten times the longest context there is; more is a fault that would cost somebody a fortune.
    private static final long MOST = 100_000_000;
    private static final String CACHE_READ = "cache_read_input_tokens";
    private static final String CACHE_WRITTEN = "cache_creation_input_tokens";
    private static final String EMBEDDINGS = "/v1/embeddings";

    private static final Set<String> OUTPUT_TEXT =
            Set.of("content", "refusal", "reasoning_content", "arguments", "text");

    /** Reads the member {@code usage} of the answer to a request. */
    static ReadUsage of(JsonNode stated, String endpoint, byte[] request, byte[] answer) {
        boolean hasOutput = !endpoint.equals(EMBEDDINGS);
        JsonNode in = first(stated, "prompt_tokens", "input_tokens");
        JsonNode out = first(stated, "completion_tokens", "output_tokens");
        OptionalLong input = plus(count(in, MOST), besides(stated));
        OptionalLong output = hasOutput ? count(out, MOST) : OptionalLong.of(0);
        long inputTokens = input.orElseGet(() -> estimateInput(endpoint, request));
        long outputTokens = output.orElseGet(() -> estimateOutput(answer));
        JsonNode cached = cached(stated);
        JsonNode reasoning =
                detail(
                        stated,
                        "completion_tokens_details",
                        "output_tokens_details",
                        "reasoning_tokens");
        OptionalLong cachedTokens = count(cached, inputTokens);
        OptionalLong reasoningTokens = count(reasoning, outputTokens);
        JsonNode written = stated.path(CACHE_WRITTEN);
        boolean absurdInput =
                isWrong(in, input)
                        || isWrong(cached, cachedTokens)
                        || isWrong(written, count(written, MOST));
        boolean absurdOutput =
                hasOutput && (isWrong(out, output) || isWrong(reasoning, reasoningTokens));
        boolean estimated = input.isEmpty() || output.isEmpty() || absurdInput || absurdOutput;
        Usage usage =
                new Usage(
                        new Tokens(inputTokens),
                        new Tokens(outputTokens),
                        new Tokens(cachedTokens.orElse(0)),
                        new Tokens(reasoningTokens.orElse(0)),
                        estimated);
        return new ReadUsage(usage, absurdInput || absurdOutput);
    }

    /** Anthropic counts what its cache read and wrote beside the input, not in it. */
    private static long besides(JsonNode stated) {
        return count(stated.path(CACHE_READ), MOST).orElse(0)
                + count(stated.path(CACHE_WRITTEN), MOST).orElse(0);
    }

    private static JsonNode cached(JsonNode stated) {
        JsonNode within =
                detail(stated, "prompt_tokens_details", "input_tokens_details", "cached_tokens");
        return within.isMissingNode() ? stated.path(CACHE_READ) : within;
    }

    private static OptionalLong plus(OptionalLong count, long more) {
        return count.isEmpty() || count.getAsLong() + more > MOST
                ? OptionalLong.empty()
                : OptionalLong.of(count.getAsLong() + more);
    }

    private static JsonNode first(JsonNode stated, String chat, String responses) {
        return stated.hasNonNull(chat) ? stated.path(chat) : stated.path(responses);
    }

    private static JsonNode detail(JsonNode stated, String chat, String responses, String name) {
        return first(stated, chat, responses).path(name);
    }

    private static OptionalLong count(JsonNode node, long most) {
        boolean isCount =
                node.isIntegralNumber()
                        && node.canConvertToLong()
                        && node.longValue() >= 0
                        && node.longValue() <= most;
        return isCount ? OptionalLong.of(node.longValue()) : OptionalLong.empty();
    }

    private static boolean isWrong(JsonNode node, OptionalLong read) {
        return read.isEmpty() && !node.isMissingNode() && !node.isNull();
    }

    private static long estimateInput(String endpoint, byte[] request) {
        return BodyTokens.of(endpoint, request, Tokens.NONE).input().count();
    }

    private static long estimateOutput(byte[] answer) {
        return Math.min(outputTokens(Json.parse(answer)), MOST);
    }

    private static long outputTokens(JsonNode node) {
        long sum = 0;
        for (var member : node.properties()) {
            JsonNode value = member.getValue();
            boolean isText = value.isTextual() && OUTPUT_TEXT.contains(member.getKey());
            sum += isText ? TokenEstimate.ofText(value.textValue()) : outputTokens(value);
        }
        if (node.isArray()) {
            for (JsonNode item : node) {
                sum += outputTokens(item);
            }
        }
        return sum;
    }
}
